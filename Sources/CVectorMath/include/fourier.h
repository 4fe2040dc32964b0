// Fourier transforms of real tiles, for convolutions: mixed radix 2, 3, 4, 5 and any other, by
// Stockham's self-sorting steps (Cochran et al. 1967), as many transforms side by side as a
// vector has lanes: 8 in float, 4 in double.
//
// Two real columns make one complex one, whose transform is taken apart again, so a tile of
// `down` rows gives the frequencies 0…down/2 down its columns. A spectrum is [2 (real,
// imaginary), blocks of frequencies down, frequencies across, lanes]; what a last block has
// beyond down/2 is zero.
//
// Every function comes for double (`_d`) and float (`_f`), compiled for several instruction sets of
// which the first call picks one. None allocates.
#ifndef FOURIER_H
#define FOURIER_H

#include <stddef.h>

// A length, its factors, each at least 2, and the table of e^(−2πik/length): cosine, then sine.
typedef struct {
  ptrdiff_t length, factors;
  const ptrdiff_t *radices;
  const void *table;
} FourierLength;

typedef struct {
  FourierLength down, across;
} FourierTile;

// The elements of a spectrum and of the scratch memory for a tile.
size_t fourier_spectrum_d(ptrdiff_t down, ptrdiff_t across);
size_t fourier_spectrum_f(ptrdiff_t down, ptrdiff_t across);
size_t fourier_scratch_d(ptrdiff_t down, ptrdiff_t across);
size_t fourier_scratch_f(ptrdiff_t down, ptrdiff_t across);

// A place in a picture where a tile begins: `top` rows and `left` columns of zeros, then rows ×
// columns numbers from x on, then zeros.
typedef struct {
  ptrdiff_t top, left, rows, columns, rowStride;
} FourierWindow;

// The spectrum of a tile.
void fourier_forward_d(
    const FourierTile *tile, const FourierWindow *window, const double *x, double *spectrum,
    double *scratch);
void fourier_forward_f(
    const FourierTile *tile, const FourierWindow *window, const float *x, float *spectrum,
    float *scratch);

// The first rows × columns numbers of a window (top and left are 0) of the tile of a spectrum, plus
// `added`.
void fourier_inverse_d(
    const FourierTile *tile, const FourierWindow *window, const double *spectrum, double added,
    double *y, double *scratch);
void fourier_inverse_f(
    const FourierTile *tile, const FourierWindow *window, const float *spectrum, float added,
    float *y, float *scratch);

// y = Σ x[i·xStride…]·conj(w[i·wStride…]) over `count` spectra of so many elements.
void fourier_products_d(
    ptrdiff_t elements, ptrdiff_t count, const double *x, ptrdiff_t xStride, const double *w,
    ptrdiff_t wStride, double *y);
void fourier_products_f(
    ptrdiff_t elements, ptrdiff_t count, const float *x, ptrdiff_t xStride, const float *w,
    ptrdiff_t wStride, float *y);

#endif
