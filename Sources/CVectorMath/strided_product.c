#include "strided_product.h"

// The most rows, columns and terms of a sum that are packed at a time: a panel of the right operand
// stays in the first-level cache, the left block in the second, the right block in the third. Blocks
// of rows are whole tiles.
#define ROW_BLOCK 96
#define COLUMN_BLOCK 1024
#define SUM_BLOCK 384
// Terms that are packed before the next column is begun, so that the lines written to stay near.
#define TERM_CHUNK 16
// Up to so many columns the left operand is read where it lies.
#define DIRECT_COLUMNS 256
// Loops of a kind; each runs at least twice.
#define MOST_LOOPS 64
// The longest side of a tile in any precision and instruction set.
#define LONGEST_SIDE 32

static inline ptrdiff_t lesser(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

static inline ptrdiff_t roundedUp(ptrdiff_t count) {
  return (count + LONGEST_SIDE - 1) / LONGEST_SIDE * LONGEST_SIDE;
}

// Parts of nearly equal length, none above the limit.
static inline ptrdiff_t evenBlock(ptrdiff_t count, ptrdiff_t limit) {
  ptrdiff_t blocks = (count + limit - 1) / limit;
  return blocks < 2 ? count : (count + blocks - 1) / blocks;
}

static inline ptrdiff_t countOf(const StridedAxis *axes, ptrdiff_t count) {
  ptrdiff_t product = 1;
  for (ptrdiff_t i = 0; i < count; i++) product *= axes[i].size;
  return product;
}

static inline int areSteps(const ptrdiff_t *offsets, ptrdiff_t count, ptrdiff_t step) {
  for (ptrdiff_t i = 1; i < count; i++) {
    if (offsets[i] - offsets[i - 1] != step) return 0;
  }
  return 1;
}

enum { OF_A, OF_B, OF_C };

// The offsets in one array of `count` indices of the flattened loops.
static void offsets(
    const StridedAxis *axes, ptrdiff_t axisCount, ptrdiff_t first, ptrdiff_t count, int array,
    ptrdiff_t *result) {
  if (axisCount == 0) {
    for (ptrdiff_t i = 0; i < count; i++) result[i] = 0;
    return;
  }
  ptrdiff_t index[MOST_LOOPS], stride[MOST_LOOPS];
  ptrdiff_t offset = 0, rest = first;
  for (ptrdiff_t d = axisCount - 1; d >= 0; d--) {
    stride[d] = array == OF_A ? axes[d].a : array == OF_B ? axes[d].b : axes[d].c;
    index[d] = rest % axes[d].size;
    rest /= axes[d].size;
    offset += index[d] * stride[d];
  }
  ptrdiff_t last = axisCount - 1;
  for (ptrdiff_t i = 0; i < count;) {
    // A run along the innermost loop, then one step of those around it.
    ptrdiff_t run = lesser(axes[last].size - index[last], count - i);
    for (ptrdiff_t t = 0; t < run; t++) result[i + t] = offset + t * stride[last];
    i += run;
    offset -= index[last] * stride[last];
    index[last] = 0;
    for (ptrdiff_t d = last - 1; d >= 0; d--) {
      offset += stride[d];
      if (++index[d] < axes[d].size) break;
      offset -= index[d] * stride[d];
      index[d] = 0;
    }
  }
}

size_t strided_product_scratch(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k) {
  ptrdiff_t depth = evenBlock(k, SUM_BLOCK);
  return (size_t)(depth * (roundedUp(lesser(n, COLUMN_BLOCK)) + lesser(m, ROW_BLOCK) + LONGEST_SIDE));
}

// One source for both precisions and for each instruction set: the size of a tile follows the
// registers, which `target_clones` could not do.

#if defined(__x86_64__)

// Without the width the compiler would halve the vectors of this set.
#define TARGET __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define BYTES 64
#define ROWS 12
#define NAME(function) function##_d_v4
#define REAL double
#include "strided_product_kernels.h"
#undef NAME
#undef REAL
#define NAME(function) function##_f_v4
#define REAL float
#include "strided_product_kernels.h"
#undef NAME
#undef REAL
#undef TARGET
#undef BYTES
#undef ROWS

#define TARGET __attribute__((target("arch=x86-64-v3")))
#define BYTES 32
#define ROWS 6
#define NAME(function) function##_d_v3
#define REAL double
#include "strided_product_kernels.h"
#undef NAME
#undef REAL
#define NAME(function) function##_f_v3
#define REAL float
#include "strided_product_kernels.h"
#undef NAME
#undef REAL
#undef TARGET
#undef BYTES
#undef ROWS

#endif

#define TARGET
#define BYTES 16
#define ROWS 6
#define NAME(function) function##_d_baseline
#define REAL double
#include "strided_product_kernels.h"
#undef NAME
#undef REAL
#define NAME(function) function##_f_baseline
#define REAL float
#include "strided_product_kernels.h"

#if defined(__x86_64__)
#define DISPATCH(letter) \
  __builtin_cpu_supports("x86-64-v4")   ? strided_product_##letter##_v4 \
  : __builtin_cpu_supports("x86-64-v3") ? strided_product_##letter##_v3 \
                                        : strided_product_##letter##_baseline
#else
#define DISPATCH(letter) strided_product_##letter##_baseline
#endif

void strided_product_d(
    const StridedProduct *product, ptrdiff_t firstRow, ptrdiff_t lastRow, ptrdiff_t firstColumn,
    ptrdiff_t lastColumn, const double *a, const double *b, double *c, double *scratch) {
  (DISPATCH(d))(product, firstRow, lastRow, firstColumn, lastColumn, a, b, c, scratch);
}

void strided_product_f(
    const StridedProduct *product, ptrdiff_t firstRow, ptrdiff_t lastRow, ptrdiff_t firstColumn,
    ptrdiff_t lastColumn, const float *a, const float *b, float *c, float *scratch) {
  (DISPATCH(f))(product, firstRow, lastRow, firstColumn, lastColumn, a, b, c, scratch);
}
