#include "packed_product.h"

#include "clones.h"

// The most rows of a tile: with two vectors of 32 bytes a row its sums fill 12 of 16 registers.
#define MOST_ROWS 6
// The most terms of a sum before the next panel is begun: such a part of a panel, 16 KiB, stays in the
// first-level cache while all rows use it.
#define TERM_BLOCK 256

static inline ptrdiff_t lesser(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

// One source for both precisions.

#define REAL double
#define WIDTH PACKED_WIDTH_D
#define NAME(function) function##_d
#include "packed_product_kernels.h"
#undef REAL
#undef WIDTH
#undef NAME

#define REAL float
#define WIDTH PACKED_WIDTH_F
#define NAME(function) function##_f
#include "packed_product_kernels.h"
