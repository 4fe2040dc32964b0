// Products of matrices whose rows, columns and sums are any axes of any strided arrays: what a
// contraction of two tensors is, without a permutation before it.
//
// Blocks of both operands are packed into panels from wherever their elements lie, and a kernel that
// keeps a tile of the result in registers runs over the panels (Goto & van de Geijn 2008; the idea of
// packing straight from tensors is Matthews' TBLIS, 2018, and Springer & Bientinesi's GETT, 2018).
//
// The product comes for double (`_d`) and float (`_f`), compiled for several instruction sets, whose
// names stand behind the letter; that without one picks the best that the processor has. Nothing is
// allocated, and no memory touched but what is given.
#ifndef STRIDED_PRODUCT_H
#define STRIDED_PRODUCT_H

#include <stddef.h>

// A loop: how often, and how far neighbours lie apart in the left operand, the right one and the
// result, in elements; 0 where an array does not have the axis.
typedef struct {
  ptrdiff_t size, a, b, c;
} StridedAxis;

// result[row, column] = Σ left[row, sum]·right[sum, column]. Rows, columns and sums each run over
// nested loops, outermost first; no loops at all run once. At most 64 loops each, none of size 0.
typedef struct {
  const StridedAxis *rows, *columns, *sums;
  ptrdiff_t rowAxes, columnAxes, sumAxes;
} StridedProduct;

// The elements of scratch memory, to be aligned to 64 bytes, for a product of at most m rows, n
// columns and k terms in a sum.
size_t strided_product_scratch(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k);

// Writes the elements in the given rows and columns of the flattened loops.
void strided_product_d(
    const StridedProduct *product, ptrdiff_t firstRow, ptrdiff_t lastRow, ptrdiff_t firstColumn,
    ptrdiff_t lastColumn, const double *a, const double *b, double *c, double *scratch);
void strided_product_f(
    const StridedProduct *product, ptrdiff_t firstRow, ptrdiff_t lastRow, ptrdiff_t firstColumn,
    ptrdiff_t lastColumn, const float *a, const float *b, float *c, float *scratch);

#endif
