// The inner loops of convolutions: products of packed weights with rows of a picture, what is
// gathered for them, and sums of products along rows.
//
// Every function comes for double (`_d`) and float (`_f`), compiled for several instruction sets of
// which the first call picks one. None allocates; none touches memory but what it is given. A panel
// is CONVOLUTION_PANEL_BYTES wide: 16 columns in float, 8 in double.
#ifndef CONVOLUTION_H
#define CONVOLUTION_H

#include <stddef.h>

#define CONVOLUTION_PANEL_BYTES 64
// The rows of the left operand that are packed side by side.
#define CONVOLUTION_ROWS 6

// c[r·rowStride + j·step] (+)= initial[r] + Σ_k a[k, r]·b[offsets[k] + j] for all rows and for
// `columns` of a panel. The rows of `a` lie in blocks of CONVOLUTION_ROWS, in each [count, 6];
// those beyond `rows` are there and are not read as results. A whole panel of `b` is read.
// `initial` may be null; with `adds` the result is added to, and `initial` not looked at.
void convolution_rows_d(
    ptrdiff_t rows, ptrdiff_t count, const double *a, const double *b, const ptrdiff_t *offsets,
    const double *initial, int adds, double *c, ptrdiff_t rowStride, ptrdiff_t step,
    ptrdiff_t columns);
void convolution_rows_f(
    ptrdiff_t rows, ptrdiff_t count, const float *a, const float *b, const ptrdiff_t *offsets,
    const float *initial, int adds, float *c, ptrdiff_t rowStride, ptrdiff_t step,
    ptrdiff_t columns);

// The sizes of a convolution of one picture, down and across.
typedef struct {
  ptrdiff_t height, width, kernelHeight, kernelWidth, strideDown, strideAcross, paddingDown,
      paddingAcross, dilationDown, dilationAcross, outWidth;
} ConvolutionPlane;

// Some rows of the matrix of windows, from `firstTerm` in the order channel, kernel row, kernel
// column: a panel [terms, panel] of the columns (results in row-major order) from `firstColumn`.
void convolution_gather_d(
    const ConvolutionPlane *plane, const double *x, ptrdiff_t firstTerm, ptrdiff_t terms,
    ptrdiff_t firstColumn, ptrdiff_t columns, double *panel);
void convolution_gather_f(
    const ConvolutionPlane *plane, const float *x, ptrdiff_t firstTerm, ptrdiff_t terms,
    ptrdiff_t firstColumn, ptrdiff_t columns, float *panel);

// sums[i·sumStride + k] += Σ_row Σ_j a[i·aStride + row·aRow + j]·b[offsets[k] + row·bRow + j].
typedef struct {
  ptrdiff_t aStride, aRow, bRow, rows, width, sumStride;
} ConvolutionDots;

void convolution_dots_d(
    const ConvolutionDots *dots, ptrdiff_t aCount, const double *a, ptrdiff_t bCount,
    const double *b, const ptrdiff_t *offsets, double *sums);
void convolution_dots_f(
    const ConvolutionDots *dots, ptrdiff_t aCount, const float *a, ptrdiff_t bCount,
    const float *b, const ptrdiff_t *offsets, float *sums);

#endif
