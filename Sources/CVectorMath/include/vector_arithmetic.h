// Sums, differences, products and quotients, element by element.
//
// For double (`_d`) and float (`_f`), compiled for several instruction sets of which the first call
// picks one; all give the same numbers.
#ifndef VECTOR_ARITHMETIC_H
#define VECTOR_ARITHMETIC_H

#include <stddef.h>

typedef enum {
  VECTOR_ADD,
  VECTOR_SUBTRACT,
  VECTOR_MULTIPLY,
  VECTOR_DIVIDE,
} VectorArithmetic;

// z[i] = x[i·x_step] ∘ y[i·y_step] with steps of 0 or 1; z overlaps neither x nor y.
void vector_arithmetic_d(
    VectorArithmetic operation, ptrdiff_t count, const double *x, int x_step, const double *y,
    int y_step, double *z);
void vector_arithmetic_f(
    VectorArithmetic operation, ptrdiff_t count, const float *x, int x_step, const float *y,
    int y_step, float *z);

#endif
