// The gates of recurrent layers for one row of `count` hidden units: what follows the matrix products
// of a step, in one pass, and its gradient in another. Gates stand one after the other, each `count`
// long, in PyTorch's order.
//
// Every function comes for double (`_d`) and float (`_f`), compiled for several instruction sets of
// which the first call picks one. A result may stand where an argument of the same length stood.
#ifndef VECTOR_GATES_H
#define VECTOR_GATES_H

#include <stddef.h>

// From the sums before activation: i, f, o = σ, g = tanh; c = f·previous + i·g; h = o·tanh c. Keeps
// the gates i, f, g, o and tanh c for the gradient.
void lstm_gates_d(
    ptrdiff_t count, const double *sums, const double *previous, double *gates, double *c,
    double *tanh_c, double *h);
void lstm_gates_f(
    ptrdiff_t count, const float *sums, const float *previous, float *gates, float *c,
    float *tanh_c, float *h);

// From the gradients of h and c (by later steps): those of the sums and, in place of c's, of the
// previous c.
void lstm_gates_backward_d(
    ptrdiff_t count, const double *gates, const double *previous, const double *tanh_c,
    const double *h_gradient, double *c_gradient, double *sums_gradient);
void lstm_gates_backward_f(
    ptrdiff_t count, const float *gates, const float *previous, const float *tanh_c,
    const float *h_gradient, float *c_gradient, float *sums_gradient);

// From the input's and the hidden state's shares of the sums: r, z = σ(x + h), n = tanh(x + r·h),
// next = (1 − z)·n + z·previous. Keeps the gates r, z, n.
void gru_gates_d(
    ptrdiff_t count, const double *input, const double *hidden, const double *previous,
    double *gates, double *next);
void gru_gates_f(
    ptrdiff_t count, const float *input, const float *hidden, const float *previous, float *gates,
    float *next);

// From the gradient of the next state: those of both shares, and what reaches the previous state not
// through them.
void gru_gates_backward_d(
    ptrdiff_t count, const double *gates, const double *hidden, const double *previous,
    const double *gradient, double *input_gradient, double *hidden_gradient,
    double *previous_gradient);
void gru_gates_backward_f(
    ptrdiff_t count, const float *gates, const float *hidden, const float *previous,
    const float *gradient, float *input_gradient, float *hidden_gradient,
    float *previous_gradient);

#endif
