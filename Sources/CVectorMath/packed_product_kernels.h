// Included by packed_product.c once per precision, with REAL, WIDTH and NAME defined.

#define INLINE static inline __attribute__((always_inline))
// A row of a panel: two registers or one or four, as the instruction set has them.
typedef REAL NAME(panel_row) __attribute__((vector_size(64), aligned(sizeof(REAL))));
#define VECTOR NAME(panel_row)
#define AT(pointer) (*(VECTOR *)(pointer))
#define LOAD(pointer) (*(const VECTOR *)(pointer))

CLONES void NAME(pack_panels)(
    ptrdiff_t firstPanel, ptrdiff_t panels, ptrdiff_t terms, ptrdiff_t columns, const REAL *b,
    ptrdiff_t termStep, ptrdiff_t columnStep, REAL *packed) {
  for (ptrdiff_t panel = firstPanel; panel < firstPanel + panels; panel++) {
    REAL *target = packed + panel * terms * WIDTH;
    const REAL *source = b + panel * WIDTH * columnStep;
    ptrdiff_t width = lesser(columns - panel * WIDTH, WIDTH);
    if (width == WIDTH && columnStep == 1) {
      for (ptrdiff_t k = 0; k < terms; k++) AT(target + k * WIDTH) = LOAD(source + k * termStep);
      continue;
    }
    for (ptrdiff_t k = 0; k < terms; k++) {
      for (ptrdiff_t j = 0; j < width; j++) {
        target[k * WIDTH + j] = source[k * termStep + j * columnStep];
      }
      for (ptrdiff_t j = width; j < WIDTH; j++) target[k * WIDTH + j] = 0;
    }
  }
}

// The sums of `rows` rows (a constant) with one panel, several of each where the rows are few, so
// that no addition waits for the last; meanwhile the panel that comes next is fetched.
INLINE void NAME(tile)(
    int rows, int chains, ptrdiff_t terms, const REAL *a, ptrdiff_t aStep, const REAL *panel,
    const REAL *next, VECTOR *result) {
  VECTOR sums[8];
#pragma clang loop unroll(full)
  for (int s = 0; s < rows * chains; s++) sums[s] = (VECTOR){0};
  ptrdiff_t k = 0;
  for (; k + chains <= terms; k += chains) {
#pragma clang loop unroll(full)
    for (int chain = 0; chain < chains; chain++) {
      VECTOR b = LOAD(panel + (k + chain) * WIDTH);
      if (next) __builtin_prefetch(next + (k + chain) * WIDTH, 0, 2);
#pragma clang loop unroll(full)
      for (int r = 0; r < rows; r++) sums[chain * rows + r] += a[r * aStep + k + chain] * b;
    }
  }
  for (; k < terms; k++) {
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) sums[r] += a[r * aStep + k] * LOAD(panel + k * WIDTH);
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
    VECTOR sum = sums[r];
#pragma clang loop unroll(full)
    for (int chain = 1; chain < chains; chain++) sum += sums[chain * rows + r];
    result[r] = sum;
  }
}

// Adds what C and the bias hold and writes the columns that there are.
INLINE void NAME(finish)(
    int rows, ptrdiff_t width, VECTOR *sums, const REAL *bias, REAL *c, ptrdiff_t cStep, int adds) {
  if (width == WIDTH) {
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      VECTOR sum = sums[r];
      if (bias) sum += LOAD(bias);
      if (adds) sum += LOAD(c + r * cStep);
      AT(c + r * cStep) = sum;
    }
    return;
  }
  for (int r = 0; r < rows; r++) {
    REAL values[WIDTH];
    AT(values) = sums[r];
    for (ptrdiff_t j = 0; j < width; j++) {
      REAL sum = values[j] + (bias ? bias[j] : 0);
      c[r * cStep + j] = adds ? c[r * cStep + j] + sum : sum;
    }
  }
}

#define TILE(rows, chains) \
  case rows: { \
    VECTOR sums[rows]; \
    NAME(tile)(rows, chains, block, left, aStep, panel, next, sums); \
    NAME(finish)(rows, width, sums, blockBias, target, cStep, blockAdds); \
    break; \
  }

CLONES void NAME(packed_product)(
    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t terms, const REAL *a, ptrdiff_t aStep,
    const REAL *packed, const REAL *bias, REAL *c, ptrdiff_t cStep, int adds) {
  // Tiles of nearly equal height: 16 rows are 6, 5 and 5.
  ptrdiff_t tiles = (rows + MOST_ROWS - 1) / MOST_ROWS;
  // One row reads the matrix once from front to back, whatever the caches hold.
  ptrdiff_t longest = rows > 1 ? TERM_BLOCK : terms;
  ptrdiff_t start = 0;
  do {
    ptrdiff_t block = lesser(terms - start, longest);
    int blockAdds = adds || start > 0;
    for (ptrdiff_t column = 0; column < columns; column += WIDTH) {
      ptrdiff_t width = lesser(columns - column, WIDTH);
      const REAL *panel = packed + column * terms + start * WIDTH;
      const REAL *blockBias = bias && start == 0 ? bias + column : 0;
      for (ptrdiff_t tile = 0; tile < tiles; tile++) {
        ptrdiff_t first = rows * tile / tiles;
        const REAL *left = a + first * aStep + start;
        const REAL *next = tile == 0 ? panel + terms * WIDTH : 0;
        REAL *target = c + first * cStep + column;
        switch (rows * (tile + 1) / tiles - first) {
          TILE(1, 8)
          TILE(2, 2)
          TILE(3, 1)
          TILE(4, 1)
          TILE(5, 1)
          TILE(6, 1)
        }
      }
    }
    start += block;
  } while (start < terms);
}

#undef INLINE
#undef VECTOR
#undef AT
#undef LOAD
#undef TILE
