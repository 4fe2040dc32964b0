// Elementary functions of contiguous elements: y[i] = f(x[i]), y may be x.
//
// Every function comes for double (`_d`) and float (`_f`), compiled for several instruction sets of
// which the first call picks one. NaN stays NaN; infinities, zeros of both signs and subnormal
// numbers, arguments and results, are treated as the C library does. What is accurate to how many
// units in the last place stands at `Scalar`'s requirements, where tests hold it to that.
#ifndef VECTOR_MATH_H
#define VECTOR_MATH_H

#include <stddef.h>

// `normal` is the normal distribution function Φ, `gelu` x·Φ(x), `gelu_slope` and `gelu_bend` its
// first two derivatives Φ(x) + x·φ(x) and (2 − x²)·φ(x).
#define VECTOR_FUNCTIONS(each) \
  each(exp) each(log) each(expm1) each(log1p) each(tanh) each(sigmoid) each(softplus) each(erf) \
  each(normal) each(gelu) each(gelu_slope) each(gelu_bend)

#define VECTOR_FUNCTION(name) \
  void vector_##name##_d(ptrdiff_t count, const double *x, double *y); \
  void vector_##name##_f(ptrdiff_t count, const float *x, float *y);

VECTOR_FUNCTIONS(VECTOR_FUNCTION)

#endif
