// Products of a few rows by one matrix that is used again and again, as in a recurrent network, where
// the same matrix multiplies every step.
//
// The matrix is packed once into panels of PACKED_WIDTH columns (the last padded with zeros), the rows
// of a panel one after another, so that a product reads it from front to back. Every function comes
// for double (`_d`) and float (`_f`), compiled for several instruction sets of which the first call
// picks one.
#ifndef PACKED_PRODUCT_H
#define PACKED_PRODUCT_H

#include <stddef.h>

// The columns of a panel: 64 bytes.
#define PACKED_WIDTH_D 8
#define PACKED_WIDTH_F 16

// Packs some panels of a matrix of `terms` rows and `columns` columns whose element (k, j) is
// b[k·termStep + j·columnStep]; `packed` is where the first of all panels begins.
void pack_panels_d(
    ptrdiff_t firstPanel, ptrdiff_t panels, ptrdiff_t terms, ptrdiff_t columns, const double *b,
    ptrdiff_t termStep, ptrdiff_t columnStep, double *packed);
void pack_panels_f(
    ptrdiff_t firstPanel, ptrdiff_t panels, ptrdiff_t terms, ptrdiff_t columns, const float *b,
    ptrdiff_t termStep, ptrdiff_t columnStep, float *packed);

// C[r, j] = (adds ? C[r, j] : 0) + bias[j] + Σ A[r, k]·B[k, j] for `rows` rows and `columns` columns
// from the first panel given; without a bias NULL.
void packed_product_d(
    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t terms, const double *a, ptrdiff_t aStep,
    const double *packed, const double *bias, double *c, ptrdiff_t cStep, int adds);
void packed_product_f(
    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t terms, const float *a, ptrdiff_t aStep,
    const float *packed, const float *bias, float *c, ptrdiff_t cStep, int adds);

#endif
