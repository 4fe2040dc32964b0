// Included by attention_precisions.h with REAL, NAME and their companions defined: products of small
// matrices in registers, and 2^x.
//
// Everything lies with the queries side by side: a panel of scores is [keys, PANEL], so that maxima,
// sums and factors of queries are vectors, and the panel is at once a packed operand of the next
// product. Keys and values are read where they lie, one element at a time.

#define INLINE static inline __attribute__((always_inline)) TARGET
#define LANES ((ptrdiff_t)(BYTES / sizeof(REAL)))
// The columns of a tile: two vectors.
#define PANEL (2 * LANES)
typedef REAL NAME(vector) __attribute__((vector_size(BYTES), aligned(sizeof(REAL))));
typedef INTEGER NAME(mask) __attribute__((vector_size(BYTES), aligned(sizeof(REAL))));
#define VECTOR NAME(vector)
#define MASK NAME(mask)
#define AT(pointer) (*(VECTOR *)(pointer))
#define LOAD(pointer) (*(const VECTOR *)(pointer))
// Lane by lane: a where the mask is set, else b.
#define SELECT(mask, a, b) ((VECTOR)(((mask) & (MASK)(a)) | (~(mask) & (MASK)(b))))
#define LARGER(a, b) SELECT((MASK)((a) > (b)), a, b)

// `rows` × PANEL sums of `depth` terms that stay in registers. Term p of row r on the left is
// left[r·rowStep + p·termStep], on the right right[p·rightStep] and what follows it. The target is
// multiplied by two factors before, one per vector; none are zeros.
INLINE void NAME(tile)(
    const int rows, ptrdiff_t depth, const REAL *left, ptrdiff_t rowStep, ptrdiff_t termStep,
    const REAL *right, ptrdiff_t rightStep, REAL *target, ptrdiff_t targetStep,
    const VECTOR *factors) {
  VECTOR sum[ROWS][2];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
    if (factors) {
      sum[r][0] = AT(target + r * targetStep) * factors[0];
      sum[r][1] = AT(target + r * targetStep + LANES) * factors[1];
    } else {
      sum[r][0] = sum[r][1] = (VECTOR){0};
    }
  }
  for (ptrdiff_t p = 0; p < depth; p++) {
    VECTOR first = LOAD(right), second = LOAD(right + LANES);
    right += rightStep;
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      REAL x = left[r * rowStep];
      sum[r][0] += x * first;
      sum[r][1] += x * second;
    }
    left += termStep;
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
    AT(target + r * targetStep) = sum[r][0];
    AT(target + r * targetStep + LANES) = sum[r][1];
  }
}

// Any number of rows of one panel.
static __attribute__((noinline)) TARGET void NAME(product)(
    ptrdiff_t rows, ptrdiff_t depth, const REAL *left, ptrdiff_t rowStep, ptrdiff_t termStep,
    const REAL *right, ptrdiff_t rightStep, REAL *target, ptrdiff_t targetStep,
    const VECTOR *factors) {
#define TILES(count) \
  for (; rows >= count; rows -= count) { \
    NAME(tile) \
    (count, depth, left, rowStep, termStep, right, rightStep, target, targetStep, factors); \
    left += count * rowStep; \
    target += count * targetStep; \
  }
  TILES(ROWS)
  TILES(4)
  TILES(1)
#undef TILES
}

// 2^t; 0 below the smallest normal number, so that −inf gives 0.
INLINE VECTOR NAME(power)(VECTOR t) {
  VECTOR shifted = t + (REAL)ROUNDER;
  VECTOR f = t - (shifted - (REAL)ROUNDER);
  const int degree = sizeof(POWERS) / sizeof(REAL) - 1;
  VECTOR y = (VECTOR){0} + POWERS[degree];
#pragma clang loop unroll(full)
  for (int i = degree - 1; i >= 0; i--) y = y * f + POWERS[i];
  // The whole part stands in the lowest bits of what was rounded.
  MASK bits = (MASK)y + ((MASK)shifted << MANTISSA);
  return (VECTOR)(bits & ~(MASK)(t < (REAL)SMALLEST_EXPONENT));
}

// Queries `first` ..< `last`, times a factor, as panels [width, PANEL]; zeros beyond the last.
INLINE void NAME(packPanels)(
    const REAL *rows, ptrdiff_t first, ptrdiff_t last, ptrdiff_t width, REAL factor, REAL *panels) {
  for (ptrdiff_t query = first; query < last; query += PANEL) {
    ptrdiff_t count = lesser(last - query, PANEL);
    const REAL *row = rows + query * width;
    for (ptrdiff_t c = 0; c < width; c++) {
      for (ptrdiff_t lane = 0; lane < count; lane++) {
        panels[c * PANEL + lane] = row[lane * width + c] * factor;
      }
      for (ptrdiff_t lane = count; lane < PANEL; lane++) panels[c * PANEL + lane] = 0;
    }
    panels += width * PANEL;
  }
}

// A panel of scores of the keys `key` ..< `key + count`, in powers of two: adds the mask, and hides
// keys that a query may not see.
INLINE void NAME(maskPanel)(
    const AttentionHead *head, const REAL *mask, ptrdiff_t query, ptrdiff_t lanes, ptrdiff_t key,
    ptrdiff_t count, REAL *scores, ptrdiff_t scoreStep) {
  if (mask) {
    for (ptrdiff_t lane = 0; lane < lanes; lane++) {
      const REAL *row = mask + (query + lane) * head->maskRow + key * head->maskColumn;
      for (ptrdiff_t j = 0; j < count; j++) {
        scores[j * scoreStep + lane] += row[j * head->maskColumn] * (REAL)M_LOG2E;
      }
    }
  }
  if (!head->causal) return;
  ptrdiff_t hidden = query + head->keys - head->queries + 1;
  for (ptrdiff_t j = larger(0, hidden - key); j < count; j++) {
    ptrdiff_t blind = lesser(PANEL, key + j - hidden + 1);
    for (ptrdiff_t lane = 0; lane < blind; lane++) scores[j * scoreStep + lane] = -(REAL)INFINITY;
  }
}
