#include "attention.h"

#include <math.h>

// The longest panel of any instruction set, in elements.
#define LONGEST_PANEL 32
// Queries of a block, a multiple of every panel: all that meet a block of keys before the next one is
// fetched. Keys of a block: with 64 channels they and their values stay in the second-level cache
// while all panels of queries pass. Measured on Zen 3: 64 queries lose 5 % at 128 channels, 48 to 192
// keys are alike.
#define QUERY_BLOCK ATTENTION_QUERIES
#define KEY_BLOCK 96
// The distance of keys in the backward pass's blocks of probabilities. A power of two would send
// every row to the same few sets of the cache.
#define BLOCK_ROW (QUERY_BLOCK + LONGEST_PANEL)

// Keys that a few queries meet at a time: their values, 32 KiB at 128 channels, are still in the cache when
// the scores are known. A row of scores has room for a vector behind it.
#define DECODE_BLOCK 64
#define DECODE_ROW (DECODE_BLOCK + LONGEST_PANEL)

static inline ptrdiff_t lesser(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static inline ptrdiff_t larger(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }

ptrdiff_t attention_row(ptrdiff_t width) {
  return (width + LONGEST_PANEL - 1) / LONGEST_PANEL * LONGEST_PANEL;
}

size_t attention_forward_workspace(const AttentionHead *head) {
  return (size_t)(QUERY_BLOCK * (head->width + head->valueWidth + 2) + KEY_BLOCK * LONGEST_PANEL);
}

size_t attention_backward_workspace(const AttentionHead *head, ptrdiff_t keys) {
  ptrdiff_t width = attention_row(head->width), valueWidth = attention_row(head->valueWidth);
  return (size_t)(QUERY_BLOCK * (2 * head->width + width + head->valueWidth + valueWidth + 2)
                  + 2 * lesser(keys, KEY_BLOCK) * BLOCK_ROW);
}

size_t attention_decode_workspace(const AttentionHead *head, ptrdiff_t rows) {
  return (size_t)(rows * (head->width + DECODE_ROW));
}

// The keys from here on are hidden from a query; without `causal` there are none.
static inline ptrdiff_t firstHidden(const AttentionHead *head, ptrdiff_t query) {
  return head->causal ? larger(0, query + head->keys - head->queries + 1) : head->keys;
}

// One source for both precisions and for each instruction set.

// 2^f for |f| ≤ ½ as Σ c_i·f^i: interpolation in Chebyshev points, relative errors 2.6e-9 and 5e-18.
static const float powersF[] = {1.0f, 0.6931472067f, 0.2402265092f, 0.05550327227f,
                                0.009618056679f, 0.001340042818f, 0.0001546144470f};
static const double powersD[] = {
    1.0, 0.69314718055994530925, 0.24022650695910159567, 0.055504108664821627039,
    0.0096181291075872566681, 0.0013333558146406470697, 0.00015403530463724354209,
    0.000015252733841556772589, 1.3215432535912376166e-6, 1.0178057087733941105e-7,
    7.0741942972885210056e-9, 4.455817908336064493e-10};

#if defined(__x86_64__)

#define TARGET __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define BYTES 64
#define ROWS 12
#define SET v4
#include "attention_precisions.h"
#undef TARGET
#undef BYTES
#undef ROWS
#undef SET

#define TARGET __attribute__((target("arch=x86-64-v3")))
#define BYTES 32
#define ROWS 6
#define SET v3
#include "attention_precisions.h"
#undef TARGET
#undef BYTES
#undef ROWS
#undef SET

#endif

#define TARGET
#define BYTES 16
#define ROWS 6
#define SET baseline
#include "attention_precisions.h"

#if defined(__x86_64__)
#define DISPATCH(name) \
  __builtin_cpu_supports("x86-64-v4")   ? name##_v4 \
  : __builtin_cpu_supports("x86-64-v3") ? name##_v3 \
                                        : name##_baseline
#else
#define DISPATCH(name) name##_baseline
#endif

void attention_forward_d(
    const AttentionHead *head, ptrdiff_t first, ptrdiff_t last, const double *q, const double *k,
    const double *v, const double *mask, double *output, double *logSums, double *workspace) {
  (DISPATCH(attention_forward_d))(head, first, last, q, k, v, mask, output, logSums, workspace);
}

void attention_forward_f(
    const AttentionHead *head, ptrdiff_t first, ptrdiff_t last, const float *q, const float *k,
    const float *v, const float *mask, float *output, float *logSums, float *workspace) {
  (DISPATCH(attention_forward_f))(head, first, last, q, k, v, mask, output, logSums, workspace);
}

void attention_backward_d(
    const AttentionHead *head, ptrdiff_t first, ptrdiff_t last, const double *q, const double *k,
    const double *v, const double *mask, const double *logSums, const double *dots,
    const double *adjoint, double *dq, double *dk, double *dv, double *workspace) {
  (DISPATCH(attention_backward_d))(
      head, first, last, q, k, v, mask, logSums, dots, adjoint, dq, dk, dv, workspace);
}

void attention_backward_f(
    const AttentionHead *head, ptrdiff_t first, ptrdiff_t last, const float *q, const float *k,
    const float *v, const float *mask, const float *logSums, const float *dots,
    const float *adjoint, float *dq, float *dk, float *dv, float *workspace) {
  (DISPATCH(attention_backward_f))(
      head, first, last, q, k, v, mask, logSums, dots, adjoint, dq, dk, dv, workspace);
}

void attention_decode_d(
    const AttentionHead *head, ptrdiff_t rows, ptrdiff_t firstKey, ptrdiff_t lastKey,
    const double *q, const double *k, const double *v, const double *mask, ptrdiff_t maskHead,
    double *results, double *maxima, double *sums, double *workspace) {
  (DISPATCH(attention_decode_d))(
      head, rows, firstKey, lastKey, q, k, v, mask, maskHead, results, maxima, sums, workspace);
}

void attention_decode_f(
    const AttentionHead *head, ptrdiff_t rows, ptrdiff_t firstKey, ptrdiff_t lastKey,
    const float *q, const float *k, const float *v, const float *mask, ptrdiff_t maskHead,
    float *results, float *maxima, float *sums, float *workspace) {
  (DISPATCH(attention_decode_f))(
      head, rows, firstKey, lastKey, q, k, v, mask, maskHead, results, maxima, sums, workspace);
}
