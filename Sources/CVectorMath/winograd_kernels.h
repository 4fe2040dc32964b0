// Included by winograd.c once per precision, with REAL and NAME defined.

#define LANES ((ptrdiff_t)(32 / sizeof(REAL)))
#define PANEL (2 * LANES)
typedef REAL NAME(winograd_lanes) __attribute__((vector_size(32), aligned(sizeof(REAL))));
#define VECTOR NAME(winograd_lanes)
#define LOAD(pointer) (*(const VECTOR *)(pointer))
#define STORE(pointer) (*(VECTOR *)(pointer))

// The five matrices applied to vectors that lie `s` apart; results lie `t` apart.

INLINE void NAME(input2)(const VECTOR *d, int s, VECTOR *v, int t) {
  v[0] = d[0] - d[2 * s];
  v[t] = d[s] + d[2 * s];
  v[2 * t] = d[2 * s] - d[s];
  v[3 * t] = d[s] - d[3 * s];
}

INLINE void NAME(weights2)(const VECTOR *g, int s, VECTOR *u, int t) {
  VECTOR even = (REAL)0.5 * (g[0] + g[2 * s]), odd = (REAL)0.5 * g[s];
  u[0] = g[0];
  u[t] = even + odd;
  u[2 * t] = even - odd;
  u[3 * t] = g[2 * s];
}

INLINE void NAME(output2)(const VECTOR *p, int s, VECTOR *y, int t) {
  y[0] = p[0] + p[s] + p[2 * s];
  y[t] = p[s] - p[2 * s] - p[3 * s];
}

INLINE void NAME(outputAdjoint2)(const VECTOR *y, int s, VECTOR *p, int t) {
  p[0] = y[0];
  p[t] = y[0] + y[s];
  p[2 * t] = y[0] - y[s];
  p[3 * t] = -y[s];
}

INLINE void NAME(weightsAdjoint2)(const VECTOR *u, int s, VECTOR *g, int t) {
  VECTOR sum = (REAL)0.5 * (u[s] + u[2 * s]);
  g[0] = u[0] + sum;
  g[t] = (REAL)0.5 * (u[s] - u[2 * s]);
  g[2 * t] = sum + u[3 * s];
}

INLINE void NAME(input4)(const VECTOR *d, int s, VECTOR *v, int t) {
  VECTOR a = d[4 * s] - 4 * d[2 * s], b = d[3 * s] - 4 * d[s];
  VECTOR c = d[4 * s] - d[2 * s], e = 2 * (d[3 * s] - d[s]);
  v[0] = 4 * d[0] - 5 * d[2 * s] + d[4 * s];
  v[t] = a + b;
  v[2 * t] = a - b;
  v[3 * t] = c + e;
  v[4 * t] = c - e;
  v[5 * t] = 4 * d[s] - 5 * d[3 * s] + d[5 * s];
}

INLINE void NAME(weights4)(const VECTOR *g, int s, VECTOR *u, int t) {
  VECTOR sum = g[0] + g[2 * s], far = g[0] + 4 * g[2 * s];
  u[0] = (REAL)0.25 * g[0];
  u[t] = (REAL)(-1.0 / 6) * (sum + g[s]);
  u[2 * t] = (REAL)(-1.0 / 6) * (sum - g[s]);
  u[3 * t] = (REAL)(1.0 / 24) * (far + 2 * g[s]);
  u[4 * t] = (REAL)(1.0 / 24) * (far - 2 * g[s]);
  u[5 * t] = g[2 * s];
}

INLINE void NAME(output4)(const VECTOR *p, int s, VECTOR *y, int t) {
  VECTOR sum = p[s] + p[2 * s], difference = p[s] - p[2 * s];
  VECTOR farSum = p[3 * s] + p[4 * s], farDifference = p[3 * s] - p[4 * s];
  y[0] = p[0] + sum + farSum;
  y[t] = difference + 2 * farDifference;
  y[2 * t] = sum + 4 * farSum;
  y[3 * t] = difference + 8 * farDifference + p[5 * s];
}

INLINE void NAME(outputAdjoint4)(const VECTOR *y, int s, VECTOR *p, int t) {
  VECTOR even = y[0] + y[2 * s], odd = y[s] + y[3 * s];
  VECTOR farEven = y[0] + 4 * y[2 * s], farOdd = 2 * y[s] + 8 * y[3 * s];
  p[0] = y[0];
  p[t] = even + odd;
  p[2 * t] = even - odd;
  p[3 * t] = farEven + farOdd;
  p[4 * t] = farEven - farOdd;
  p[5 * t] = y[3 * s];
}

INLINE void NAME(weightsAdjoint4)(const VECTOR *u, int s, VECTOR *g, int t) {
  VECTOR near = (REAL)(1.0 / 6) * (u[s] + u[2 * s]), far = u[3 * s] + u[4 * s];
  g[0] = (REAL)0.25 * u[0] - near + (REAL)(1.0 / 24) * far;
  g[t] = (REAL)(1.0 / 6) * (u[2 * s] - u[s]) + (REAL)(1.0 / 12) * (u[3 * s] - u[4 * s]);
  g[2 * t] = (REAL)(1.0 / 6) * far - near + u[5 * s];
}

// out [to, to] = M·in [from, from]·Mᵀ.
#define BOTH_SIDES(matrix, from, to, in, out) \
  { \
    VECTOR middle[6 * 6]; \
    UNROLL \
    for (int j = 0; j < from; j++) NAME(matrix)(in + j, from, middle + j, from); \
    UNROLL \
    for (int i = 0; i < to; i++) NAME(matrix)(middle + i * from, 1, out + i * to, 1); \
  }

CLONES void NAME(winograd_interleave)(
    ptrdiff_t count, const REAL *x, ptrdiff_t channelStride, ptrdiff_t lanes, REAL *panel) {
  for (ptrdiff_t lane = 0; lane < PANEL; lane++) {
    const REAL *channel = x + lane * channelStride;
    if (lane < lanes) {
      for (ptrdiff_t i = 0; i < count; i++) panel[i * PANEL + lane] = channel[i];
    } else {
      for (ptrdiff_t i = 0; i < count; i++) panel[i * PANEL + lane] = 0;
    }
  }
}

CLONES void NAME(winograd_weights)(
    int m, const REAL *w, ptrdiff_t laneStride, ptrdiff_t tapStride, ptrdiff_t lanes, REAL *u,
    ptrdiff_t spread) {
  REAL taps[9][32 * 2 / sizeof(REAL)];
  for (ptrdiff_t lane = 0; lane < PANEL; lane++) {
    for (ptrdiff_t tap = 0; tap < 9; tap++) {
      taps[tap][lane] = lane < lanes ? w[lane * laneStride + tap * tapStride] : 0;
    }
  }
  for (ptrdiff_t half = 0; half < PANEL; half += LANES) {
    VECTOR in[9], out[36];
    for (int tap = 0; tap < 9; tap++) in[tap] = LOAD(taps[tap] + half);
    if (m == 2) BOTH_SIDES(weights2, 3, 4, in, out) else BOTH_SIDES(weights4, 3, 6, in, out)
    for (int i = 0; i < (m + 2) * (m + 2); i++) STORE(u + i * spread + half) = out[i];
  }
}

CLONES void NAME(winograd_input)(
    int m, const REAL *d, ptrdiff_t rowStride, REAL *v, ptrdiff_t spread) {
  int n = m + 2;
  for (ptrdiff_t half = 0; half < PANEL; half += LANES) {
    VECTOR in[36], out[36];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) in[i * n + j] = LOAD(d + i * rowStride + j * PANEL + half);
    }
    if (m == 2) BOTH_SIDES(input2, 4, 4, in, out) else BOTH_SIDES(input4, 6, 6, in, out)
    for (int i = 0; i < n * n; i++) STORE(v + i * spread + half) = out[i];
  }
}

CLONES void NAME(winograd_output)(
    int m, const REAL *p, ptrdiff_t spread, const REAL *bias, REAL *y, ptrdiff_t rowStride,
    ptrdiff_t channelStride, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t lanes) {
  for (ptrdiff_t half = 0; half < PANEL && half < lanes; half += LANES) {
    VECTOR in[36], out[16];
    for (int i = 0; i < (m + 2) * (m + 2); i++) in[i] = LOAD(p + i * spread + half);
    if (m == 2) BOTH_SIDES(output2, 4, 2, in, out) else BOTH_SIDES(output4, 6, 4, in, out)
    for (ptrdiff_t lane = 0; lane < LANES && half + lane < lanes; lane++) {
      const REAL *from = (const REAL *)out + lane;
      REAL *to = y + (half + lane) * channelStride;
      REAL added = bias ? bias[half + lane] : 0;
      if (m == 4 && rows == 4 && columns == 4) {
        UNROLL
        for (int i = 0; i < 4; i++) {
          UNROLL
          for (int j = 0; j < 4; j++) to[i * rowStride + j] = from[(i * 4 + j) * LANES] + added;
        }
        continue;
      }
      for (ptrdiff_t i = 0; i < rows; i++) {
        for (ptrdiff_t j = 0; j < columns; j++) {
          to[i * rowStride + j] = from[(i * m + j) * LANES] + added;
        }
      }
    }
  }
}

CLONES void NAME(winograd_output_adjoint)(
    int m, const REAL *y, ptrdiff_t rowStride, REAL *p, ptrdiff_t spread) {
  for (ptrdiff_t half = 0; half < PANEL; half += LANES) {
    VECTOR in[16], out[36];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) in[i * m + j] = LOAD(y + i * rowStride + j * PANEL + half);
    }
    if (m == 2) BOTH_SIDES(outputAdjoint2, 2, 4, in, out)
    else BOTH_SIDES(outputAdjoint4, 4, 6, in, out)
    for (int i = 0; i < (m + 2) * (m + 2); i++) STORE(p + i * spread + half) = out[i];
  }
}

CLONES void NAME(winograd_weights_adjoint)(
    int m, const REAL *u, ptrdiff_t spread, REAL *w, ptrdiff_t laneStride, ptrdiff_t lanes) {
  for (ptrdiff_t half = 0; half < PANEL && half < lanes; half += LANES) {
    VECTOR in[36], out[9];
    for (int i = 0; i < (m + 2) * (m + 2); i++) in[i] = LOAD(u + i * spread + half);
    if (m == 2) BOTH_SIDES(weightsAdjoint2, 4, 3, in, out)
    else BOTH_SIDES(weightsAdjoint4, 6, 3, in, out)
    for (ptrdiff_t lane = 0; lane < LANES && half + lane < lanes; lane++) {
      for (int tap = 0; tap < 9; tap++) w[(half + lane) * laneStride + tap] = out[tap][lane];
    }
  }
}

INLINE void NAME(productRows)(
    const int height, const WinogradProduct *product, const REAL *a, const REAL *b, REAL *c) {
  VECTOR sums[ROWS][2];
  UNROLL
  for (int r = 0; r < height; r++) sums[r][0] = sums[r][1] = (VECTOR){0};
  for (ptrdiff_t block = 0; block < product->blocks; block++) {
    const REAL *left = a + block * product->aBlock;
    for (ptrdiff_t k = 0; k < product->terms; k++) {
      VECTOR first = LOAD(b), second = LOAD(b + LANES);
      UNROLL
      for (int r = 0; r < height; r++) {
        REAL factor = left[r * product->aRow];
        sums[r][0] += factor * first;
        sums[r][1] += factor * second;
      }
      left += product->aStep;
      b += PANEL;
    }
  }
  UNROLL
  for (int r = 0; r < height; r++) {
    STORE(c + r * PANEL) = sums[r][0];
    STORE(c + r * PANEL + LANES) = sums[r][1];
  }
}

CLONES void NAME(winograd_product)(
    const WinogradProduct *product, const REAL *a, const REAL *b, REAL *c) {
  for (ptrdiff_t row = 0; row < product->rows; row += ROWS) {
#define CASE(height) \
  NAME(productRows)(height, product, a + row * product->aRow, b, c + row * PANEL)
    switch (lesser(product->rows - row, ROWS)) {
      case 1: CASE(1); break;
      case 2: CASE(2); break;
      case 3: CASE(3); break;
      case 4: CASE(4); break;
      case 5: CASE(5); break;
      default: CASE(6);
    }
#undef CASE
  }
}

#undef LANES
#undef PANEL
#undef VECTOR
#undef LOAD
#undef STORE
#undef BOTH_SIDES
