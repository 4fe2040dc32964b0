// What a dense layer does with a row of its sums, forward and back, and the masks of dropout.
//
// Every function comes for double (`_d`) and float (`_f`), compiled for several instruction sets of
// which the first call picks one.
#ifndef DENSE_ROWS_H
#define DENSE_ROWS_H

#include <stddef.h>
#include <stdint.h>

// z[i] = max(z[i] + bias[i], 0), without a bias where it is NULL; a NaN stays one.
void bias_relu_d(ptrdiff_t count, const double *bias, double *z);
void bias_relu_f(ptrdiff_t count, const float *bias, float *z);

// g[i] ← f′·g[i] for y[i] = keep·h[i] = f(z): [y > 0], 1 − y², y·(1 − y).
void relu_slope_d(ptrdiff_t count, const double *h, double *g);
void relu_slope_f(ptrdiff_t count, const float *h, float *g);
void tanh_slope_d(ptrdiff_t count, double keep, const double *h, double *g);
void tanh_slope_f(ptrdiff_t count, float keep, const float *h, float *g);
void sigmoid_slope_d(ptrdiff_t count, double keep, const double *h, double *g);
void sigmoid_slope_f(ptrdiff_t count, float keep, const float *h, float *g);

// z[i] = factor·z[i] where the mask is not 0, else 0.
void mask_row_d(ptrdiff_t count, const uint8_t *mask, double factor, double *z);
void mask_row_f(ptrdiff_t count, const uint8_t *mask, float factor, float *z);

// Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011): mask[4·j + w] = 1 where word w of block
// `first` + j is at least `threshold`, else 0.
void dropout_mask(
    ptrdiff_t count, uint64_t first, uint32_t stream, uint32_t substream, uint64_t seed,
    uint32_t threshold, uint8_t *mask);

#endif
