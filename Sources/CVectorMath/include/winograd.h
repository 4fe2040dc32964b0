// The pieces of Winograd's convolutions F(m×m, 3×3), m = 2 or 4 (Winograd 1980; Lavin & Gray 2016),
// on as many channels side by side as a panel is wide: 16 in float, 8 in double.
//
//   y = Aᵀ·[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]·A for overlapping tiles d of n×n places, n = m + 2.
//
// Every function comes for double (`_d`) and float (`_f`), compiled for several instruction sets of
// which the first call picks one. None allocates. The n² entries of a transform lie `spread` apart.
#ifndef WINOGRAD_H
#define WINOGRAD_H

#include <stddef.h>

// panel[i, lane] = x[lane·channelStride + i]; zeros for lanes from `lanes` up.
void winograd_interleave_d(
    ptrdiff_t count, const double *x, ptrdiff_t channelStride, ptrdiff_t lanes, double *panel);
void winograd_interleave_f(
    ptrdiff_t count, const float *x, ptrdiff_t channelStride, ptrdiff_t lanes, float *panel);

// u = G·g·Gᵀ: g of lane l at w[l·laneStride + tap·tapStride].
void winograd_weights_d(
    int m, const double *w, ptrdiff_t laneStride, ptrdiff_t tapStride, ptrdiff_t lanes, double *u,
    ptrdiff_t spread);
void winograd_weights_f(
    int m, const float *w, ptrdiff_t laneStride, ptrdiff_t tapStride, ptrdiff_t lanes, float *u,
    ptrdiff_t spread);

// v = Bᵀ·d·B: panels of d, whose rows lie `rowStride` elements apart.
void winograd_input_d(int m, const double *d, ptrdiff_t rowStride, double *v, ptrdiff_t spread);
void winograd_input_f(int m, const float *d, ptrdiff_t rowStride, float *v, ptrdiff_t spread);

// y = Aᵀ·p·A + bias (of each lane; may be null): rows × columns of the tile, lane by lane.
void winograd_output_d(
    int m, const double *p, ptrdiff_t spread, const double *bias, double *y, ptrdiff_t rowStride,
    ptrdiff_t channelStride, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t lanes);
void winograd_output_f(
    int m, const float *p, ptrdiff_t spread, const float *bias, float *y, ptrdiff_t rowStride,
    ptrdiff_t channelStride, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t lanes);

// p = A·y·Aᵀ, the adjoint of the output's transform, of m×m panels.
void winograd_output_adjoint_d(
    int m, const double *y, ptrdiff_t rowStride, double *p, ptrdiff_t spread);
void winograd_output_adjoint_f(
    int m, const float *y, ptrdiff_t rowStride, float *p, ptrdiff_t spread);

// g = Gᵀ·u·G, the adjoint of the weights' transform: to w[l·laneStride + tap].
void winograd_weights_adjoint_d(
    int m, const double *u, ptrdiff_t spread, double *w, ptrdiff_t laneStride, ptrdiff_t lanes);
void winograd_weights_adjoint_f(
    int m, const float *u, ptrdiff_t spread, float *w, ptrdiff_t laneStride, ptrdiff_t lanes);

// c[r, lane] = Σ a[r·aRow + block·aBlock + k·aStep]·b[block·terms + k, lane] over blocks and terms.
typedef struct {
  ptrdiff_t rows, blocks, terms, aRow, aBlock, aStep;
} WinogradProduct;

void winograd_product_d(
    const WinogradProduct *product, const double *a, const double *b, double *c);
void winograd_product_f(const WinogradProduct *product, const float *a, const float *b, float *c);

#endif
