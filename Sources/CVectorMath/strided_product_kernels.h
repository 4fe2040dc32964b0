// Included by strided_product.c once per precision and instruction set, with REAL, NAME, TARGET,
// BYTES (of a vector) and ROWS (of a tile) defined.

#define INLINE static inline __attribute__((always_inline)) TARGET
#define LANES ((ptrdiff_t)(BYTES / sizeof(REAL)))
// The columns of a tile: two vectors.
#define COLUMNS (2 * LANES)
typedef REAL NAME(vector) __attribute__((vector_size(BYTES), aligned(sizeof(REAL))));
#define VECTOR NAME(vector)
#define AT(pointer) (*(VECTOR *)(pointer))
#define LOAD(pointer) (*(const VECTOR *)(pointer))

// One tile: `count` rank-one updates of ROWS×COLUMNS sums that stay in registers. Element (p, r) of
// the left panel is left[r][p·step].
INLINE void NAME(tile)(
    ptrdiff_t count, const REAL *const *left, ptrdiff_t step, const REAL *right,
    VECTOR (*sums)[2]) {
  VECTOR sum[ROWS][2];
  const REAL *row[ROWS];
#pragma clang loop unroll(full)
  for (int r = 0; r < ROWS; r++) {
    sum[r][0] = sum[r][1] = (VECTOR){0};
    row[r] = left[r];
  }
  for (ptrdiff_t p = 0; p < count; p++) {
    VECTOR first = LOAD(right + p * COLUMNS), second = LOAD(right + p * COLUMNS + LANES);
#pragma clang loop unroll(full)
    for (int r = 0; r < ROWS; r++) {
      REAL x = row[r][p * step];
      sum[r][0] += x * first;
      sum[r][1] += x * second;
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < ROWS; r++) {
    sums[r][0] = sum[r][0];
    sums[r][1] = sum[r][1];
  }
}

// Computes one tile and writes (or adds) its part that the result has.
INLINE void NAME(update)(
    ptrdiff_t count, const REAL *const *left, ptrdiff_t step, const REAL *right, REAL *c,
    const ptrdiff_t *rowOffsets, ptrdiff_t rows, const ptrdiff_t *columnOffsets, ptrdiff_t columns,
    int areNeighbours, int adds) {
  VECTOR sums[ROWS][2];
  if (rows == ROWS && areNeighbours) {
    NAME(tile)(count, left, step, right, sums);
#pragma clang loop unroll(full)
    for (int r = 0; r < ROWS; r++) {
      REAL *target = c + rowOffsets[r] + columnOffsets[0];
      if (adds) {
        AT(target) += sums[r][0];
        AT(target + LANES) += sums[r][1];
      } else {
        AT(target) = sums[r][0];
        AT(target + LANES) = sums[r][1];
      }
    }
    return;
  }
  // Computed here again, not above: sums that are also indexed would not stay in registers.
  VECTOR indexed[ROWS][2];
  NAME(tile)(count, left, step, right, indexed);
  for (ptrdiff_t r = 0; r < rows; r++) {
    const REAL *values = (const REAL *)indexed[r];
    REAL *target = c + rowOffsets[r];
    for (ptrdiff_t j = 0; j < columns; j++) {
      REAL *element = target + columnOffsets[j];
      *element = adds ? *element + values[j] : values[j];
    }
  }
}

// Copies a block of the right operand into panels of COLUMNS columns, the terms of a sum one after
// another, the last panel padded with zeros.
INLINE void NAME(packColumns)(
    const REAL *b, const ptrdiff_t *sums, ptrdiff_t terms, const ptrdiff_t *columns,
    ptrdiff_t count, REAL *packed) {
  for (ptrdiff_t first = 0; first < count; first += COLUMNS) {
    const ptrdiff_t *offset = columns + first;
    ptrdiff_t width = lesser(count - first, COLUMNS);
    if (width == COLUMNS && areSteps(offset, width, 1)) {
      for (ptrdiff_t p = 0; p < terms; p++) {
        const REAL *from = b + sums[p] + offset[0];
        AT(packed + p * COLUMNS) = LOAD(from);
        AT(packed + p * COLUMNS + LANES) = LOAD(from + LANES);
      }
    } else {
      for (ptrdiff_t start = 0; start < terms; start += TERM_CHUNK) {
        ptrdiff_t end = lesser(terms, start + TERM_CHUNK);
        for (ptrdiff_t j = 0; j < width; j++) {
          const REAL *column = b + offset[j];
          for (ptrdiff_t p = start; p < end; p++) packed[p * COLUMNS + j] = column[sums[p]];
        }
        for (ptrdiff_t j = width; j < COLUMNS; j++) {
          for (ptrdiff_t p = start; p < end; p++) packed[p * COLUMNS + j] = 0;
        }
      }
    }
    packed += terms * COLUMNS;
  }
}

// Copies a block of the left operand into panels of ROWS rows, like `packColumns`.
INLINE void NAME(packRows)(
    const REAL *a, const ptrdiff_t *sums, ptrdiff_t terms, const ptrdiff_t *rows, ptrdiff_t count,
    REAL *packed) {
  for (ptrdiff_t first = 0; first < count; first += ROWS) {
    const ptrdiff_t *offset = rows + first;
    ptrdiff_t height = lesser(count - first, ROWS);
    if (height == ROWS && areSteps(offset, height, 1)) {
      for (ptrdiff_t p = 0; p < terms; p++) {
        const REAL *from = a + sums[p] + offset[0];
#pragma clang loop unroll(full)
        for (int r = 0; r < ROWS; r++) packed[p * ROWS + r] = from[r];
      }
    } else {
      for (ptrdiff_t r = 0; r < ROWS; r++) {
        const REAL *row = a + offset[r < height ? r : 0];
        for (ptrdiff_t p = 0; p < terms; p++) packed[p * ROWS + r] = row[sums[p]];
      }
    }
    packed += terms * ROWS;
  }
}

TARGET void NAME(strided_product)(
    const StridedProduct *product, ptrdiff_t firstRow, ptrdiff_t lastRow, ptrdiff_t firstColumn,
    ptrdiff_t lastColumn, const REAL *a, const REAL *b, REAL *c, REAL *scratch) {
  ptrdiff_t rowA[ROW_BLOCK], rowC[ROW_BLOCK], columnB[COLUMN_BLOCK], columnC[COLUMN_BLOCK];
  ptrdiff_t sumA[SUM_BLOCK], sumB[SUM_BLOCK];
  // Whether the columns of a panel are all there and lie side by side in the result.
  char areNeighbours[COLUMN_BLOCK / COLUMNS];
  ptrdiff_t terms = countOf(product->sums, product->sumAxes);
  ptrdiff_t sumBlock = evenBlock(terms, SUM_BLOCK);
  REAL *packedB = scratch;
  REAL *packedA = scratch + sumBlock * roundedUp(lesser(lastColumn - firstColumn, COLUMN_BLOCK));

  for (ptrdiff_t j0 = firstColumn; j0 < lastColumn; j0 += COLUMN_BLOCK) {
    ptrdiff_t columns = lesser(lastColumn - j0, COLUMN_BLOCK);
    offsets(product->columns, product->columnAxes, j0, columns, OF_B, columnB);
    offsets(product->columns, product->columnAxes, j0, columns, OF_C, columnC);
    for (ptrdiff_t j = 0; j < columns; j += COLUMNS) {
      areNeighbours[j / COLUMNS] = columns - j >= COLUMNS && areSteps(columnC + j, COLUMNS, 1);
    }
    for (ptrdiff_t p0 = 0; p0 < terms; p0 += sumBlock) {
      ptrdiff_t depth = lesser(terms - p0, sumBlock);
      int adds = p0 > 0;
      offsets(product->sums, product->sumAxes, p0, depth, OF_A, sumA);
      offsets(product->sums, product->sumAxes, p0, depth, OF_B, sumB);
      NAME(packColumns)(b, sumB, depth, columnB, columns, packedB);
      // With few columns packing the rows would cost more than it saves.
      int isDirect = columns <= DIRECT_COLUMNS && areSteps(sumA, depth, 1);
      for (ptrdiff_t i0 = firstRow; i0 < lastRow; i0 += ROW_BLOCK) {
        ptrdiff_t rows = lesser(lastRow - i0, ROW_BLOCK);
        offsets(product->rows, product->rowAxes, i0, rows, OF_A, rowA);
        offsets(product->rows, product->rowAxes, i0, rows, OF_C, rowC);
        const REAL *left[ROWS];
        if (isDirect) {
          // A few rows stay in the first-level cache while all panels pass.
          for (ptrdiff_t i = 0; i < rows; i += ROWS) {
            for (ptrdiff_t r = 0; r < ROWS; r++) {
              left[r] = a + rowA[lesser(i + r, rows - 1)] + sumA[0];
            }
            for (ptrdiff_t j = 0; j < columns; j += COLUMNS) {
              NAME(update)(
                  depth, left, 1, packedB + j * depth, c, rowC + i, lesser(rows - i, ROWS),
                  columnC + j, lesser(columns - j, COLUMNS), areNeighbours[j / COLUMNS], adds);
            }
          }
        } else {
          NAME(packRows)(a, sumA, depth, rowA, rows, packedA);
          for (ptrdiff_t j = 0; j < columns; j += COLUMNS) {
            for (ptrdiff_t i = 0; i < rows; i += ROWS) {
              for (ptrdiff_t r = 0; r < ROWS; r++) left[r] = packedA + i * depth + r;
              NAME(update)(
                  depth, left, ROWS, packedB + j * depth, c, rowC + i, lesser(rows - i, ROWS),
                  columnC + j, lesser(columns - j, COLUMNS), areNeighbours[j / COLUMNS], adds);
            }
          }
        }
      }
    }
  }
}

#undef INLINE
#undef LANES
#undef COLUMNS
#undef VECTOR
#undef AT
#undef LOAD
