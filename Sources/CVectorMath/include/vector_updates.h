// Steps of optimisers over contiguous parameters, in one pass.
//
// Every function comes for double (`_d`) and float (`_f`), compiled for several instruction sets of
// which the first call picks one.
#ifndef VECTOR_UPDATES_H
#define VECTOR_UPDATES_H

#include <stddef.h>

// velocity ← momentum·velocity + (gradient + decay·w); w ← w − rate·velocity.
void sgd_update_d(
    ptrdiff_t count, double rate, double momentum, double decay, const double *gradient,
    double *velocity, double *w);
void sgd_update_f(
    ptrdiff_t count, float rate, float momentum, float decay, const float *gradient,
    float *velocity, float *w);

// Adam (Kingma & Ba 2015): with g = gradient + decay·w, m ← beta1·m + (1 − beta1)·g,
// v ← beta2·v + (1 − beta2)·g², w ← shrink·w − rate·m·mean_factor/(√(v·square_factor) + epsilon).
// The factors are 1/(1 − beta^t) at step t. AdamW (Loshchilov & Hutter 2019) is decay = 0 and
// shrink = 1 − rate·its decay; otherwise shrink = 1.
void adam_update_d(
    ptrdiff_t count, double rate, double beta1, double beta2, double epsilon, double decay,
    double shrink, double mean_factor, double square_factor, const double *gradient, double *m,
    double *v, double *w);
void adam_update_f(
    ptrdiff_t count, float rate, float beta1, float beta2, float epsilon, float decay,
    float shrink, float mean_factor, float square_factor, const float *gradient, float *m,
    float *v, float *w);

#endif
