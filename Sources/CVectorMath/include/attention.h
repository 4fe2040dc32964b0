// Exact attention of one head, tile by tile: no array of scores exists (Dao et al. 2022).
#ifndef ATTENTION_H
#define ATTENTION_H

#include <stddef.h>

// softmax(scale·Q·Kᵀ + mask)·V of one head; all matrices row-major without gaps.
typedef struct {
  // Q [queries, width], K [keys, width], V [keys, valueWidth].
  ptrdiff_t queries, keys, width, valueWidth;
  double scale;
  // Whether query i sees only the keys j ≤ i + keys − queries.
  int causal;
  // The distances in the mask from query to query and from key to key.
  ptrdiff_t maskRow, maskColumn;
} AttentionHead;

// The most queries that one call of `attention_forward` takes.
#define ATTENTION_QUERIES 128

// The elements, aligned to 128 bytes, that a call works in.
size_t attention_forward_workspace(const AttentionHead *head);

// Rows `first` ..< `last` of the output [queries, valueWidth] and of the logarithms of the softmax's
// denominators [queries]: −inf, and zeros in the output, for a query that sees no key. The mask may
// be null.
void attention_forward_d(
    const AttentionHead *head, ptrdiff_t first, ptrdiff_t last, const double *q, const double *k,
    const double *v, const double *mask, double *output, double *logSums, double *workspace);
void attention_forward_f(
    const AttentionHead *head, ptrdiff_t first, ptrdiff_t last, const float *q, const float *k,
    const float *v, const float *mask, float *output, float *logSums, float *workspace);

// The elements that `attention_decode` works in for so many rows.
size_t attention_decode_workspace(const AttentionHead *head, ptrdiff_t rows);

// Few queries of all heads that share keys and values, against the keys `firstKey` ..< `lastKey`: row r
// is query r % queries of head r / queries. Q [rows, width]; the mask of the next head lies `maskHead`
// further on.
//
// Of each row come the largest score m, in powers of two, the sum Σ 2^(s − m), and the results
// [rows, valueWidth] Σ 2^(s − m)·V; −inf and zeros where a row sees none of these keys.
void attention_decode_d(
    const AttentionHead *head, ptrdiff_t rows, ptrdiff_t firstKey, ptrdiff_t lastKey,
    const double *q, const double *k, const double *v, const double *mask, ptrdiff_t maskHead,
    double *results, double *maxima, double *sums, double *workspace);
void attention_decode_f(
    const AttentionHead *head, ptrdiff_t rows, ptrdiff_t firstKey, ptrdiff_t lastKey,
    const float *q, const float *k, const float *v, const float *mask, ptrdiff_t maskHead,
    float *results, float *maxima, float *sums, float *workspace);

// The elements that `attention_backward` works in for so many keys.
size_t attention_backward_workspace(const AttentionHead *head, ptrdiff_t keys);

// Adds to the adjoints of the keys and values `first` ..< `last` what one head of queries gives, and
// writes to `dq` the part of the queries' adjoint that comes from these keys.
//
// `dk` [last − first, width] and `dv` [last − first, valueWidth] have rows of whole panels (see
// `attention_row`), start as zeros, and lack the factor `scale` of `dk`. `dots` are the sums over
// the rows of output and its adjoint, element by element.
void attention_backward_d(
    const AttentionHead *head, ptrdiff_t first, ptrdiff_t last, const double *q, const double *k,
    const double *v, const double *mask, const double *logSums, const double *dots,
    const double *adjoint, double *dq, double *dk, double *dv, double *workspace);
void attention_backward_f(
    const AttentionHead *head, ptrdiff_t first, ptrdiff_t last, const float *q, const float *k,
    const float *v, const float *mask, const float *logSums, const float *dots,
    const float *adjoint, float *dq, float *dk, float *dv, float *workspace);

// The elements of a row of `width` in whole panels, for any instruction set.
ptrdiff_t attention_row(ptrdiff_t width);

#endif
