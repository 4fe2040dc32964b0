// Included by convolution.c once per precision, with REAL and NAME defined.

#define LANES ((ptrdiff_t)(32 / sizeof(REAL)))
#define PANEL (2 * LANES)
typedef REAL NAME(lanes) __attribute__((vector_size(32), aligned(sizeof(REAL))));
#define VECTOR NAME(lanes)
#define LOAD(pointer) (*(const VECTOR *)(pointer))
#define STORE(pointer) (*(VECTOR *)(pointer))

// `height` rows, which is a constant where it is called, of one panel.
INLINE void NAME(panelRows)(
    const int height, ptrdiff_t count, const REAL *a, const REAL *b, const ptrdiff_t *offsets,
    const REAL *initial, int adds, REAL *c, ptrdiff_t rowStride, ptrdiff_t step,
    ptrdiff_t columns) {
  VECTOR sums[ROWS][2];
  UNROLL
  for (int r = 0; r < height; r++) {
    REAL start = initial && !adds ? initial[r] : 0;
    sums[r][0] = sums[r][1] = (VECTOR){0} + start;
  }
  for (ptrdiff_t k = 0; k < count; k++) {
    const REAL *row = b + offsets[k];
    VECTOR first = LOAD(row), second = LOAD(row + LANES);
    UNROLL
    for (int r = 0; r < height; r++) {
      REAL factor = a[k * ROWS + r];
      sums[r][0] += factor * first;
      sums[r][1] += factor * second;
    }
  }
  if (columns == PANEL && step == 1) {
    UNROLL
    for (int r = 0; r < height; r++) {
      REAL *target = c + r * rowStride;
      if (adds) {
        STORE(target) += sums[r][0];
        STORE(target + LANES) += sums[r][1];
      } else {
        STORE(target) = sums[r][0];
        STORE(target + LANES) = sums[r][1];
      }
    }
    return;
  }
  REAL buffer[ROWS * 2 * 32 / sizeof(REAL)];
  UNROLL
  for (int r = 0; r < height; r++) {
    STORE(buffer + r * PANEL) = sums[r][0];
    STORE(buffer + r * PANEL + LANES) = sums[r][1];
  }
  for (int r = 0; r < height; r++) {
    REAL *target = c + r * rowStride;
    for (ptrdiff_t j = 0; j < columns; j++) {
      target[j * step] = buffer[r * PANEL + j] + (adds ? target[j * step] : 0);
    }
  }
}

CLONES void NAME(convolution_rows)(
    ptrdiff_t rows, ptrdiff_t count, const REAL *a, const REAL *b, const ptrdiff_t *offsets,
    const REAL *initial, int adds, REAL *c, ptrdiff_t rowStride, ptrdiff_t step,
    ptrdiff_t columns) {
  for (ptrdiff_t row = 0; row < rows; row += ROWS) {
#define CASE(height) \
  NAME(panelRows)(height, count, a, b, offsets, initial, adds, c, rowStride, step, columns)
    switch (lesser(rows - row, ROWS)) {
      case 1: CASE(1); break;
      case 2: CASE(2); break;
      case 3: CASE(3); break;
      case 4: CASE(4); break;
      case 5: CASE(5); break;
      default: CASE(6);
    }
#undef CASE
    a += count * ROWS;
    c += rowStride * ROWS;
    if (initial) initial += ROWS;
  }
}

// Part of one row of the matrix of windows: `count` neighbours of one row of results, whose first
// reads place `first` of a row of the picture, or zeros where it is null.
INLINE void NAME(gatherRun)(
    const REAL *row, ptrdiff_t width, ptrdiff_t first, ptrdiff_t stride, ptrdiff_t count,
    REAL *target) {
  if (!row) {
    for (ptrdiff_t j = 0; j < count; j++) target[j] = 0;
  } else if (stride == 1 && first >= 0 && first + count <= width) {
    for (ptrdiff_t j = 0; j < count; j++) target[j] = row[first + j];
  } else {
    for (ptrdiff_t j = 0; j < count; j++) {
      ptrdiff_t place = first + j * stride;
      target[j] = place >= 0 && place < width ? row[place] : 0;
    }
  }
}

CLONES void NAME(convolution_gather)(
    const ConvolutionPlane *plane, const REAL *x, ptrdiff_t firstTerm, ptrdiff_t terms,
    ptrdiff_t firstColumn, ptrdiff_t columns, REAL *panel) {
  // The columns as runs within rows of results.
  ptrdiff_t starts[16], tops[16], lefts[16], runs = 0;
  for (ptrdiff_t j = 0; j < columns; runs++) {
    ptrdiff_t row = (firstColumn + j) / plane->outWidth;
    ptrdiff_t column = (firstColumn + j) % plane->outWidth;
    starts[runs] = j;
    tops[runs] = row * plane->strideDown - plane->paddingDown;
    lefts[runs] = column * plane->strideAcross - plane->paddingAcross;
    j += lesser(plane->outWidth - column, columns - j);
  }
  ptrdiff_t kx = firstTerm % plane->kernelWidth;
  ptrdiff_t rest = firstTerm / plane->kernelWidth;
  ptrdiff_t ky = rest % plane->kernelHeight;
  const REAL *picture = x + rest / plane->kernelHeight * plane->height * plane->width;
  for (ptrdiff_t k = 0; k < terms; k++, panel += PANEL) {
    for (ptrdiff_t run = 0; run < runs; run++) {
      ptrdiff_t y = tops[run] + ky * plane->dilationDown;
      ptrdiff_t first = lefts[run] + kx * plane->dilationAcross;
      ptrdiff_t end = run + 1 < runs ? starts[run + 1] : columns;
      const REAL *row = y >= 0 && y < plane->height ? picture + y * plane->width : 0;
      if (end - starts[run] == PANEL && row && plane->strideAcross == 1 && first >= 0
          && first + PANEL <= plane->width) {
        STORE(panel) = LOAD(row + first);
        STORE(panel + LANES) = LOAD(row + first + LANES);
      } else {
        NAME(gatherRun)(
            row, plane->width, first, plane->strideAcross, end - starts[run],
            panel + starts[run]);
      }
    }
    for (ptrdiff_t j = columns; j < PANEL; j++) panel[j] = 0;
    if (++kx == plane->kernelWidth) {
      kx = 0;
      if (++ky == plane->kernelHeight) {
        ky = 0;
        picture += plane->height * plane->width;
      }
    }
  }
}

#define DOTS_HEIGHT 4
#define DOTS_WIDTH 3

INLINE void NAME(dotsBlock)(
    const int height, const int width, const ConvolutionDots *dots, const REAL *a, const REAL *b,
    const ptrdiff_t *offsets, REAL *sums) {
  VECTOR parts[DOTS_HEIGHT][DOTS_WIDTH];
  const REAL *right[DOTS_WIDTH];
  UNROLL
  for (int k = 0; k < width; k++) {
    right[k] = b + offsets[k];
    UNROLL
    for (int i = 0; i < height; i++) parts[i][k] = (VECTOR){0};
  }
  for (ptrdiff_t row = 0; row < dots->rows; row++) {
    for (ptrdiff_t j = 0; j < dots->width; j += LANES) {
      VECTOR columns[DOTS_WIDTH];
      UNROLL
      for (int k = 0; k < width; k++) columns[k] = LOAD(right[k] + row * dots->bRow + j);
      UNROLL
      for (int i = 0; i < height; i++) {
        VECTOR left = LOAD(a + i * dots->aStride + row * dots->aRow + j);
        UNROLL
        for (int k = 0; k < width; k++) parts[i][k] += left * columns[k];
      }
    }
  }
  UNROLL
  for (int i = 0; i < height; i++) {
    UNROLL
    for (int k = 0; k < width; k++) {
      REAL sum = 0;
      UNROLL
      for (int lane = 0; lane < LANES; lane++) sum += parts[i][k][lane];
      sums[i * dots->sumStride + k] += sum;
    }
  }
}

CLONES void NAME(convolution_dots)(
    const ConvolutionDots *dots, ptrdiff_t aCount, const REAL *a, ptrdiff_t bCount,
    const REAL *b, const ptrdiff_t *offsets, REAL *sums) {
  for (ptrdiff_t i = 0; i < aCount; i += DOTS_HEIGHT) {
    const REAL *left = a + i * dots->aStride;
    REAL *target = sums + i * dots->sumStride;
    for (ptrdiff_t k = 0; k < bCount; k += DOTS_WIDTH) {
#define CASE(height, width) \
  NAME(dotsBlock)(height, width, dots, left, b, offsets + k, target + k)
      int width = (int)lesser(bCount - k, DOTS_WIDTH);
      switch (lesser(aCount - i, DOTS_HEIGHT) * DOTS_HEIGHT + width) {
        case 5: CASE(1, 1); break;
        case 6: CASE(1, 2); break;
        case 7: CASE(1, 3); break;
        case 9: CASE(2, 1); break;
        case 10: CASE(2, 2); break;
        case 11: CASE(2, 3); break;
        case 13: CASE(3, 1); break;
        case 14: CASE(3, 2); break;
        case 15: CASE(3, 3); break;
        case 17: CASE(4, 1); break;
        case 18: CASE(4, 2); break;
        default: CASE(4, 3);
      }
#undef CASE
    }
  }
}

#undef LANES
#undef PANEL
#undef VECTOR
#undef LOAD
#undef STORE
#undef DOTS_HEIGHT
#undef DOTS_WIDTH
