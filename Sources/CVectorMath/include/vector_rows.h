// One row of contiguous elements at a time: softmax, layer normalisation and what they are made of.
//
// Every function comes for double (`_d`) and float (`_f`), compiled for several instruction sets of
// which the first call picks one. A result may stand where an argument of the same row stood.
#ifndef VECTOR_ROWS_H
#define VECTOR_ROWS_H

#include <stddef.h>

// The largest element, −∞ of none; NaN is passed over.
double vector_maximum_d(ptrdiff_t count, const double *x);
float vector_maximum_f(ptrdiff_t count, const float *x);

// y[i] = exp(scale·x[i] − shift); returns Σ y[i].
double vector_exp_sum_d(ptrdiff_t count, double scale, double shift, const double *x, double *y);
float vector_exp_sum_f(ptrdiff_t count, float scale, float shift, const float *x, float *y);

// y = softmax x; returns log Σ exp x[i]. Where x is −∞, y is 0, also where all of x is.
double softmax_row_d(ptrdiff_t count, const double *x, double *y);
float softmax_row_f(ptrdiff_t count, const float *x, float *y);

// y[i] = x[i] − log Σ exp x[j]; returns the logarithm. y is −∞ where x is, also where all of x is.
double log_softmax_row_d(ptrdiff_t count, const double *x, double *y);
float log_softmax_row_f(ptrdiff_t count, const float *x, float *y);

// g ← s·(g − Σ g·s) for s = softmax x: the cotangent of x from that of s.
void softmax_backward_row_d(ptrdiff_t count, const double *s, double *g);
void softmax_backward_row_f(ptrdiff_t count, const float *s, float *g);

// x̂ = (x − mean)·r, r = 1/√(variance + epsilon), y = scale·x̂ + shift; returns r. The variance is
// biased.
double layer_norm_row_d(
    ptrdiff_t count, double epsilon, const double *x, const double *scale, const double *shift,
    double *normal, double *y);
float layer_norm_row_f(
    ptrdiff_t count, float epsilon, const float *x, const float *scale, const float *shift,
    float *normal, float *y);

// From the gradient ȳ, with x̂ and r of the forward pass and δ = scale·ȳ:
// x̄ = r·(δ − mean δ − x̂·mean(δ·x̂)); what belongs to the parameters is added to.
void layer_norm_backward_row_d(
    ptrdiff_t count, double r, const double *gradient, const double *normal, const double *scale,
    double *x_gradient, double *scale_gradient, double *shift_gradient);
void layer_norm_backward_row_f(
    ptrdiff_t count, float r, const float *gradient, const float *normal, const float *scale,
    float *x_gradient, float *scale_gradient, float *shift_gradient);

#endif
