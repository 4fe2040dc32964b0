// Loops over contiguous elements: sums and products of what stands side by side.
//
// Every function comes for double (`_d`) and float (`_f`), compiled for several instruction sets of
// which the first call picks one. The running sums are the same in all of them; that some round after
// a multiplication and some do not is the one difference.
#ifndef VECTOR_LOOPS_H
#define VECTOR_LOOPS_H

#include <stddef.h>

// Σ x[i] and Σ x[i]·y[i]: 32 running sums in float, 16 in double, added up at the end.
double vector_sum_d(ptrdiff_t count, const double *x);
float vector_sum_f(ptrdiff_t count, const float *x);
double vector_dot_d(ptrdiff_t count, const double *x, const double *y);
float vector_dot_f(ptrdiff_t count, const float *x, const float *y);

// z[i] += x[i]; z[i] += factor·x[i]; z[i] += x[i]·y[i].
void vector_add_d(ptrdiff_t count, const double *x, double *z);
void vector_add_f(ptrdiff_t count, const float *x, float *z);
void vector_add_scaled_d(ptrdiff_t count, double factor, const double *x, double *z);
void vector_add_scaled_f(ptrdiff_t count, float factor, const float *x, float *z);
void vector_add_product_d(ptrdiff_t count, const double *x, const double *y, double *z);
void vector_add_product_f(ptrdiff_t count, const float *x, const float *y, float *z);

// z[i] = factor·x[i]; z[i] = x[i]·y[i]. With `streams` what is written goes past the caches, which
// pays where the arrays are larger than they are.
void vector_scale_d(ptrdiff_t count, double factor, const double *x, double *z, int streams);
void vector_scale_f(ptrdiff_t count, float factor, const float *x, float *z, int streams);
void vector_multiply_d(
    ptrdiff_t count, const double *x, const double *y, double *z, int streams);
void vector_multiply_f(ptrdiff_t count, const float *x, const float *y, float *z, int streams);

#endif
