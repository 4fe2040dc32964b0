// Included by small_svd.c once per precision, with REAL and its companions defined.

#define INLINE static inline __attribute__((always_inline))

#define MAGNITUDE(x) ((x) < 0 ? -(x) : (x))

// 32 bytes: one AVX register, two of SSE.
typedef REAL NAME(vector) __attribute__((vector_size(LANES * sizeof(REAL))));
#define VECTOR NAME(vector)
typedef INTEGER NAME(mask) __attribute__((vector_size(LANES * sizeof(INTEGER))));
#define MASK NAME(mask)
// Lane by lane: a where the mask is set, else b.
#define SELECT(mask, a, b) ((VECTOR)(((mask) & (MASK)(a)) | (~(mask) & (MASK)(b))))
#define AT(pointer, index) (*(VECTOR *)((pointer) + (index)))
// The most vectors that a kernel keeps in registers at a time.
#define TILE 5

// A run of rotations of the rows (first + t, first + t + 1), t = 0 ..< count, in this order; or one
// rotation of any two rows.
typedef struct {
  int first, second, count;
} NAME(run);
#define RUN NAME(run)

// What `rotations` holds for one rotation: p ← c·p + s·q, q ← c·q − s·p.
typedef struct {
  REAL c, s;
} NAME(rotation);
#define ROTATION NAME(rotation)

// The rotations of one side, in the order in which they were made.
typedef struct {
  RUN *runs;
  ROTATION *rotations;
  ptrdiff_t runCount, rotationCount;
} NAME(history);
#define HISTORY NAME(history)

// What stands at the head of a workspace. The matrix is held tall: m ≥ n.
typedef struct {
  ptrdiff_t m, n;
  // Whether the caller's matrix is the transpose of what is held.
  int isTransposed;
  // Held = 2^-exponent · the caller's.
  int exponent;
  // Elements between rows of `a`: n rounded up to whole vectors.
  ptrdiff_t stride;
  // Reflectors: column i from row i down, row i from column i + 1 on, each with a leading one.
  REAL *a;
  REAL *leftScale, *rightScale;  // [n]
  REAL *d, *e;                   // the bidiagonal matrix [n]
  int *order;                    // positions in d by descending magnitude [n]
  REAL *row;                     // scratch [max(m, n) rounded up]
  REAL *left, *right, *rightT;   // vectors: [m, columns], [n, columns], [columns, n rounded up]
  HISTORY leftHistory, rightHistory;
  ptrdiff_t capacity;  // of each list of rotations
  ptrdiff_t size;      // of this state with all that follows it, in bytes
} NAME(state);
#define STATE NAME(state)

INLINE ptrdiff_t NAME(rounded)(ptrdiff_t n) { return (n + 7) / 8 * 8; }
#define ROUNDED NAME(rounded)

// QR steps need about 1.6 n sweeps of n/2 rotations in the mean; five times that is a failure.
INLINE ptrdiff_t NAME(capacity)(ptrdiff_t n) { return 4 * n * n + 64; }

// Takes some bytes of a workspace, aligned to 64.
INLINE void *NAME(take)(char **next, size_t bytes) {
  char *result = *next;
  *next += (bytes + 63) / 64 * 64;
  return result;
}

// Lays a workspace out from its head on; returns its end.
INLINE char *NAME(layout)(STATE *state, char *base, ptrdiff_t m, ptrdiff_t n) {
  char *next = base;
  NAME(take)(&next, sizeof(STATE));
  ptrdiff_t columns = ROUNDED(n), capacity = NAME(capacity)(n);
  state->m = m;
  state->n = n;
  state->stride = columns;
  state->capacity = capacity;
  state->a = NAME(take)(&next, sizeof(REAL) * m * columns);
  state->leftScale = NAME(take)(&next, sizeof(REAL) * n);
  state->rightScale = NAME(take)(&next, sizeof(REAL) * n);
  state->d = NAME(take)(&next, sizeof(REAL) * (n + 1));
  state->e = NAME(take)(&next, sizeof(REAL) * (n + 1));
  state->order = NAME(take)(&next, sizeof(int) * n);
  state->row = NAME(take)(&next, sizeof(REAL) * ROUNDED(m));
  state->left = NAME(take)(&next, sizeof(REAL) * m * columns);
  state->right = NAME(take)(&next, sizeof(REAL) * n * columns);
  state->rightT = NAME(take)(&next, sizeof(REAL) * columns * ROUNDED(m));
  HISTORY *histories[2] = {&state->leftHistory, &state->rightHistory};
  for (int side = 0; side < 2; side++) {
    histories[side]->runs = NAME(take)(&next, sizeof(RUN) * capacity);
    histories[side]->rotations = NAME(take)(&next, sizeof(ROTATION) * capacity);
    histories[side]->runCount = histories[side]->rotationCount = 0;
  }
  state->size = next - base;
  return next;
}

INLINE ptrdiff_t NAME(state_size)(ptrdiff_t m, ptrdiff_t n) {
  STATE state;
  char *base = (char *)64;
  return NAME(layout)(&state, base, m > n ? m : n, m > n ? n : m) - base;
}

int NAME(small_svd_group)(void) { return LANES; }

size_t NAME(small_svd_workspace)(ptrdiff_t m, ptrdiff_t n) {
  return LANES * (size_t)NAME(state_size)(m, n);
}

// How many of the remaining vectors to take next: none is left alone, which would wait for itself.
INLINE int NAME(tile)(ptrdiff_t remaining) {
  return remaining <= TILE ? (int)remaining : remaining == 6 ? 3 : 4;
}

// X ← (I − scale·v·vᵀ)·X for the columns first ..< end (whole vectors) of `rows` rows; the entries
// of v lie `step` apart. Columns below `active` are left alone.
INLINE void NAME(reflect_tile)(
    REAL *x, ptrdiff_t stride, ptrdiff_t rows, const REAL *v, ptrdiff_t step, REAL scale,
    ptrdiff_t active, int vectors) {
  VECTOR sum[TILE];
  for (int j = 0; j < vectors; j++) sum[j] = (VECTOR){0};
  for (ptrdiff_t r = 0; r < rows; r++) {
    REAL factor = v[r * step];
    for (int j = 0; j < vectors; j++) sum[j] += factor * AT(x, r * stride + j * LANES);
  }
  for (int j = 0; j < vectors; j++) {
    sum[j] *= scale;
    for (int lane = 0; lane < LANES; lane++)
      if (j * LANES + lane < active) sum[j][lane] = 0;
  }
  for (ptrdiff_t r = 0; r < rows; r++) {
    REAL factor = v[r * step];
    for (int j = 0; j < vectors; j++) AT(x, r * stride + j * LANES) -= factor * sum[j];
  }
}

INLINE void NAME(reflect)(
    REAL *x, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t columns, const REAL *v,
    ptrdiff_t step, REAL scale, ptrdiff_t active) {
  for (ptrdiff_t j = active / LANES * LANES; j < columns;) {
    int vectors = NAME(tile)((columns - j) / LANES);
    switch (vectors) {
      case 1: NAME(reflect_tile)(x + j, stride, rows, v, step, scale, active - j, 1); break;
      case 2: NAME(reflect_tile)(x + j, stride, rows, v, step, scale, active - j, 2); break;
      case 3: NAME(reflect_tile)(x + j, stride, rows, v, step, scale, active - j, 3); break;
      case 4: NAME(reflect_tile)(x + j, stride, rows, v, step, scale, active - j, 4); break;
      case 5: NAME(reflect_tile)(x + j, stride, rows, v, step, scale, active - j, 5); break;
    }
    j += vectors * LANES;
  }
}

// X ← X·(I − scale·v·vᵀ), v padded with zeros to whole vectors from the column `first` on.
INLINE void NAME(reflect_rows)(
    REAL *restrict x, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t first, ptrdiff_t columns,
    const REAL *restrict v, REAL scale) {
  ptrdiff_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    REAL *x0 = x + r * stride, *x1 = x0 + stride, *x2 = x1 + stride, *x3 = x2 + stride;
    VECTOR s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    for (ptrdiff_t j = first; j < columns; j += LANES) {
      VECTOR w = AT(v, j);
      s0 += w * AT(x0, j);
      s1 += w * AT(x1, j);
      s2 += w * AT(x2, j);
      s3 += w * AT(x3, j);
    }
    REAL t0 = 0, t1 = 0, t2 = 0, t3 = 0;
    for (int lane = 0; lane < LANES; lane++) {
      t0 += s0[lane];
      t1 += s1[lane];
      t2 += s2[lane];
      t3 += s3[lane];
    }
    t0 *= scale, t1 *= scale, t2 *= scale, t3 *= scale;
    for (ptrdiff_t j = first; j < columns; j += LANES) {
      VECTOR w = AT(v, j);
      AT(x0, j) -= t0 * w;
      AT(x1, j) -= t1 * w;
      AT(x2, j) -= t2 * w;
      AT(x3, j) -= t3 * w;
    }
  }
  for (; r < rows; r++) {
    REAL *x0 = x + r * stride;
    VECTOR s0 = {0};
    for (ptrdiff_t j = first; j < columns; j += LANES) s0 += AT(v, j) * AT(x0, j);
    REAL t0 = 0;
    for (int lane = 0; lane < LANES; lane++) t0 += s0[lane];
    t0 *= scale;
    for (ptrdiff_t j = first; j < columns; j += LANES) AT(x0, j) -= t0 * AT(v, j);
  }
}

// Turns x (`count` entries `step` apart) into the Householder vector with a leading one.
// Returns the entry that the reflection leaves; `scale` is the factor of v·vᵀ.
INLINE REAL NAME(householder)(REAL *x, ptrdiff_t step, ptrdiff_t count, REAL *scale) {
  REAL alpha = x[0], sum = 0;
  for (ptrdiff_t i = 1; i < count; i++) sum += x[i * step] * x[i * step];
  x[0] = 1;
  if (!(sum > SMALLEST_SQUARE)) {
    *scale = 0;
    return alpha;
  }
  REAL norm = __builtin_elementwise_sqrt(alpha * alpha + sum);
  REAL beta = alpha > 0 ? -norm : norm;
  *scale = (beta - alpha) / beta;
  REAL inverse = 1 / (alpha - beta);
  for (ptrdiff_t i = 1; i < count; i++) x[i * step] *= inverse;
  return beta;
}

// A = Q·B·Pᵀ with B upper bidiagonal; Q and P stay as reflectors where A was.
INLINE void NAME(bidiagonalize)(STATE *w) {
  ptrdiff_t m = w->m, n = w->n, stride = w->stride;
  for (ptrdiff_t i = 0; i < n; i++) {
    REAL *corner = w->a + i * stride + i;
    w->d[i] = NAME(householder)(corner, stride, m - i, &w->leftScale[i]);
    w->e[i] = 0;
    w->rightScale[i] = 0;
    if (i + 1 == n) break;
    if (w->leftScale[i] != 0)
      NAME(reflect)(
          w->a + i * stride, stride, m - i, stride, corner, stride, w->leftScale[i], i + 1);
    w->e[i] = NAME(householder)(corner + 1, 1, n - i - 1, &w->rightScale[i]);
    if (w->rightScale[i] == 0) continue;
    ptrdiff_t first = (i + 1) / LANES * LANES;
    memset(w->row, 0, sizeof(REAL) * stride);
    memcpy(w->row + i + 1, corner + 1, sizeof(REAL) * (n - i - 1));
    NAME(reflect_rows)(
        w->a + (i + 1) * stride, stride, m - i - 1, first, stride, w->row, w->rightScale[i]);
  }
}

// (c, s) with c·f + s·g = r and c·g − s·f = 0.
INLINE REAL NAME(rotate)(REAL f, REAL g, REAL *c, REAL *s) {
  REAL square = f * f + g * g;
  if (!(square > SMALLEST_SQUARE)) {
    *c = 1;
    *s = 0;
    return f;
  }
  REAL r = __builtin_elementwise_sqrt(square), inverse = r * (1 / square);
  *c = f * inverse;
  *s = g * inverse;
  return r;
}

// Notes one rotation of two rows that need not be neighbours.
INLINE void NAME(note)(HISTORY *history, ptrdiff_t p, ptrdiff_t q, REAL c, REAL s) {
  history->runs[history->runCount++] = (RUN){(int)p, (int)q, 1};
  history->rotations[history->rotationCount++] = (ROTATION){c, s};
}

// d[i] = 0 inside the block that ends at `high`: rotations of rows take e[i] away, and the block
// falls apart there.
INLINE void NAME(cancel_row)(STATE *w, ptrdiff_t i, ptrdiff_t high) {
  REAL f = w->e[i], c, s;
  w->e[i] = 0;
  for (ptrdiff_t j = i + 1; j <= high && f != 0; j++) {
    w->d[j] = NAME(rotate)(w->d[j], f, &c, &s);
    NAME(note)(&w->leftHistory, j, i, c, s);
    f = -s * w->e[j];
    w->e[j] *= c;
  }
}

// d[high] = 0: rotations of columns take e[high − 1] away.
INLINE void NAME(cancel_column)(STATE *w, ptrdiff_t low, ptrdiff_t high) {
  REAL f = w->e[high - 1], c, s;
  w->e[high - 1] = 0;
  for (ptrdiff_t j = high - 1; j >= low && f != 0; j--) {
    w->d[j] = NAME(rotate)(w->d[j], f, &c, &s);
    NAME(note)(&w->rightHistory, j, high, c, s);
    if (j == low) break;
    f = -s * w->e[j - 1];
    w->e[j - 1] *= c;
  }
}

// The smaller singular value of [[f, g], [0, h]].
INLINE REAL NAME(shift)(REAL f, REAL g, REAL h) {
  REAL sum = f + h, difference = f - h;
  REAL larger = __builtin_elementwise_sqrt(sum * sum + g * g) + __builtin_elementwise_sqrt(difference * difference + g * g);
  REAL product = f * h < 0 ? -(f * h) : f * h;
  return larger > 0 ? 2 * product / larger : 0;
}

// A block low ... high of one of several matrices, in which the next QR step is due.
typedef struct {
  STATE *state;
  ptrdiff_t low, high;
  // What is negligible beside the norm of the matrix.
  REAL smallest;
  // Where the rotations of the step under way go.
  ROTATION *onLeft, *onRight;
} NAME(sweep);
#define SWEEP NAME(sweep)

// (c, s) with c·f + s·g = r and c·g − s·f = 0, in every lane.
INLINE void NAME(rotate_lanes)(
    const VECTOR *f, const VECTOR *g, VECTOR *c, VECTOR *s, VECTOR *r) {
  const VECTOR zero = {0}, one = zero + 1;
  VECTOR square = *f * *f + *g * *g;
  MASK usable = square > SMALLEST_SQUARE;
  square = SELECT(usable, square, one);
  *r = __builtin_elementwise_sqrt(square);
  // r/square instead of 1/r: the square root and the division run side by side.
  VECTOR inverse = *r * (1 / square);
  *c = SELECT(usable, *f * inverse, one);
  *s = SELECT(usable, *g * inverse, zero);
  *r = SELECT(usable, *r, *f);
}

// One implicit QR step with a shift on a block of each matrix, all of them in step: a square root
// and a division wait for each other twice per rotation, and a lane costs no more than one alone.
INLINE void NAME(sweep_lanes)(SWEEP *sweeps, int count) {
  VECTOR f = {0}, g = {0}, diagonal = {0}, above = {0}, c, s, r;
  ptrdiff_t longest = 0;
  for (int lane = 0; lane < count; lane++) {
    STATE *w = sweeps[lane].state;
    ptrdiff_t low = sweeps[lane].low, high = sweeps[lane].high;
    REAL *d = w->d, *e = w->e;
    REAL shift = NAME(shift)(d[high - 1], e[high - 1], d[high]);
    f[lane] = (d[low] - shift) * (1 + shift / d[low]);
    g[lane] = e[low];
    diagonal[lane] = d[low];
    above[lane] = e[low];
    longest = high - low > longest ? high - low : longest;
    RUN run = {(int)low, (int)low + 1, (int)(high - low)};
    HISTORY *left = &w->leftHistory, *right = &w->rightHistory;
    left->runs[left->runCount++] = run;
    right->runs[right->runCount++] = run;
    sweeps[lane].onLeft = left->rotations + left->rotationCount;
    sweeps[lane].onRight = right->rotations + right->rotationCount;
    left->rotationCount += high - low;
    right->rotationCount += high - low;
  }
  for (ptrdiff_t t = 0; t < longest; t++) {
    VECTOR next = {0}, following = {0};
    for (int lane = 0; lane < count; lane++) {
      ptrdiff_t i = sweeps[lane].low + t;
      if (i >= sweeps[lane].high) continue;
      next[lane] = sweeps[lane].state->d[i + 1];
      following[lane] = sweeps[lane].state->e[i + 1];
    }
    NAME(rotate_lanes)(&f, &g, &c, &s, &r);
    VECTOR rightC = c, rightS = s, off = r;
    f = c * diagonal + s * above;
    above = c * above - s * diagonal;
    g = s * next;
    next *= c;
    NAME(rotate_lanes)(&f, &g, &c, &s, &r);
    f = c * above + s * next;
    diagonal = c * next - s * above;
    g = s * following;
    above = c * following;
    for (int lane = 0; lane < count; lane++) {
      ptrdiff_t i = sweeps[lane].low + t;
      if (i >= sweeps[lane].high) continue;
      REAL *d = sweeps[lane].state->d, *e = sweeps[lane].state->e;
      sweeps[lane].onRight[t] = (ROTATION){rightC[lane], rightS[lane]};
      sweeps[lane].onLeft[t] = (ROTATION){c[lane], s[lane]};
      if (t > 0) e[i - 1] = off[lane];
      d[i] = r[lane];
      if (i + 1 == sweeps[lane].high) {
        d[i + 1] = diagonal[lane];
        e[i] = f[lane];
      }
    }
  }
}

// Splits off what has converged and what zeros on the diagonal decouple, until a QR step is due.
// Returns 1 then, 0 when the matrix is diagonal, −1 without convergence.
INLINE int NAME(deflate)(SWEEP *sweep) {
  STATE *w = sweep->state;
  REAL *d = w->d, *e = w->e;
  ptrdiff_t high = sweep->high;
  while (high > 0) {
    ptrdiff_t low = high;
    for (; low > 0; low--) {
      REAL neighbours = MAGNITUDE(d[low]) + MAGNITUDE(d[low - 1]);
      REAL size = MAGNITUDE(e[low - 1]);
      if (size <= EPSILON / 2 * neighbours || size <= sweep->smallest) {
        e[low - 1] = 0;
        break;
      }
    }
    if (low == high) {
      high--;
      continue;
    }
    if (w->leftHistory.rotationCount + w->n > w->capacity
        || w->rightHistory.rotationCount + w->n > w->capacity)
      return -1;
    ptrdiff_t zero = high;
    while (zero >= low && MAGNITUDE(d[zero]) > sweep->smallest) zero--;
    if (zero < low) {
      sweep->low = low;
      sweep->high = high;
      return 1;
    }
    d[zero] = 0;
    if (zero == high)
      NAME(cancel_column)(w, low, high);
    else
      NAME(cancel_row)(w, zero, high);
  }
  return 0;
}

// B = U·Σ·Vᵀ for several matrices; the rotations that U and V consist of are noted. Returns a bit
// for each that does not converge.
INLINE int NAME(diagonalize)(STATE **states, int count) {
  SWEEP sweeps[LANES];
  int failed = 0, numbers[LANES];
  for (int lane = 0; lane < count; lane++) {
    STATE *w = states[lane];
    REAL norm = 0;
    for (ptrdiff_t i = 0; i < w->n; i++) {
      REAL sum = MAGNITUDE(w->d[i]) + MAGNITUDE(w->e[i]);
      norm = sum > norm ? sum : norm;
    }
    sweeps[lane] = (SWEEP){w, 0, w->n - 1, norm * EPSILON / 16, NULL, NULL};
    numbers[lane] = lane;
  }
  while (1) {
    int due = 0;
    for (int lane = 0; lane < count; lane++) {
      int answer = NAME(deflate)(&sweeps[lane]);
      if (answer < 0) failed |= 1 << numbers[lane];
      if (answer <= 0) continue;
      // Those that are done leave their lane to the next.
      sweeps[due] = sweeps[lane];
      numbers[due++] = numbers[lane];
    }
    if (due == 0) return failed;
    count = due;
    NAME(sweep_lanes)(sweeps, count);
  }
}

// Sorts by insertion: the values come almost sorted.
INLINE void NAME(sort)(STATE *w, REAL *s) {
  for (ptrdiff_t i = 0; i < w->n; i++) {
    REAL value = MAGNITUDE(w->d[i]);
    ptrdiff_t j = i;
    for (; j > 0 && s[j - 1] < value; j--) {
      s[j] = s[j - 1];
      w->order[j] = w->order[j - 1];
    }
    s[j] = value;
    w->order[j] = (int)i;
  }
  for (ptrdiff_t i = 0; i < w->n; i++) s[i] = SCALE_BY_POWER(s[i], w->exponent);
}

// Copies the matrix in, tall and with a largest entry between 1 and 2.
INLINE void NAME(load)(STATE *w, const REAL *a, ptrdiff_t stride, ptrdiff_t m, ptrdiff_t n) {
  REAL largest = 0;
  for (ptrdiff_t i = 0; i < m; i++)
    for (ptrdiff_t j = 0; j < n; j++) {
      REAL size = MAGNITUDE(a[i * stride + j]);
      largest = size > largest ? size : largest;
    }
  w->exponent = largest > 0 ? EXPONENT(largest) : 0;
  // Two factors: one alone could leave the range.
  REAL half = SCALE_BY_POWER((REAL)1, -w->exponent / 2);
  REAL rest = SCALE_BY_POWER((REAL)1, -w->exponent - -w->exponent / 2);
  for (ptrdiff_t i = 0; i < w->m; i++) {
    REAL *row = w->a + i * w->stride;
    for (ptrdiff_t j = w->n; j < w->stride; j++) row[j] = 0;
    if (w->isTransposed)
      for (ptrdiff_t j = 0; j < w->n; j++) row[j] = a[j * stride + i] * half * rest;
    else
      for (ptrdiff_t j = 0; j < w->n; j++) row[j] = a[i * stride + j] * half * rest;
  }
}

CLONES int NAME(small_svd_decompose)(
    const REAL *const *matrices, int count, ptrdiff_t stride, ptrdiff_t m, ptrdiff_t n, REAL *s,
    void *workspace) {
  STATE *states[LANES];
  if (m == 0 || n == 0) return 0;
  for (int index = 0; index < count; index++) {
    STATE *w = states[index] = (STATE *)((char *)workspace + index * NAME(state_size)(m, n));
    NAME(layout)(w, (char *)w, m > n ? m : n, m > n ? n : m);
    w->isTransposed = m < n;
    NAME(load)(w, matrices[index], stride, m, n);
    NAME(bidiagonalize)(w);
  }
  int failed = NAME(diagonalize)(states, count);
  for (int index = 0; index < count; index++)
    if (!(failed >> index & 1)) NAME(sort)(states[index], s + index * states[index]->n);
  return failed;
}

// Applies the inverse rotations, last one first, to `vectors` vectors of every row.
INLINE void NAME(unrotate_tile)(const HISTORY *history, REAL *x, ptrdiff_t stride, int vectors) {
  const ROTATION *rotation = history->rotations + history->rotationCount;
  for (ptrdiff_t k = history->runCount - 1; k >= 0; k--) {
    RUN run = history->runs[k];
    // Two rows at a time: the lower one stays in registers for the rotation above it.
    VECTOR carried[TILE];
    REAL *below = x + run.second * stride;
    if (run.count > 1) below = x + (run.first + run.count) * stride;
    for (int j = 0; j < vectors; j++) carried[j] = AT(below, j * LANES);
    for (ptrdiff_t t = run.count - 1; t >= 0; t--) {
      rotation--;
      REAL *row = x + (run.first + t) * stride;
      for (int j = 0; j < vectors; j++) {
        VECTOR p = AT(row, j * LANES);
        AT(below, j * LANES) = rotation->s * p + rotation->c * carried[j];
        carried[j] = rotation->c * p - rotation->s * carried[j];
      }
      below = row;
    }
    for (int j = 0; j < vectors; j++) AT(below, j * LANES) = carried[j];
  }
}

INLINE void NAME(unrotate)(const HISTORY *history, REAL *x, ptrdiff_t stride, ptrdiff_t columns) {
  for (ptrdiff_t j = 0; j < columns;) {
    int vectors = NAME(tile)((columns - j) / LANES);
    switch (vectors) {
      case 1: NAME(unrotate_tile)(history, x + j, stride, 1); break;
      case 2: NAME(unrotate_tile)(history, x + j, stride, 2); break;
      case 3: NAME(unrotate_tile)(history, x + j, stride, 3); break;
      case 4: NAME(unrotate_tile)(history, x + j, stride, 4); break;
      case 5: NAME(unrotate_tile)(history, x + j, stride, 5); break;
    }
    j += vectors * LANES;
  }
}

// Forms the leading vectors in the workspace; returns the distance between their rows.
INLINE ptrdiff_t NAME(form_vectors)(STATE *w, ptrdiff_t count) {
  ptrdiff_t columns = (count + LANES - 1) / LANES * LANES;
  memset(w->left, 0, sizeof(REAL) * w->m * columns);
  memset(w->right, 0, sizeof(REAL) * w->n * columns);
  for (ptrdiff_t j = 0; j < count; j++) {
    w->left[w->order[j] * columns + j] = 1;
    w->right[w->order[j] * columns + j] = w->d[w->order[j]] < 0 ? -1 : 1;
  }
  NAME(unrotate)(&w->leftHistory, w->left, columns, columns);
  NAME(unrotate)(&w->rightHistory, w->right, columns, columns);
  for (ptrdiff_t i = w->n - 1; i >= 0; i--) {
    const REAL *corner = w->a + i * w->stride + i;
    if (w->leftScale[i] != 0)
      NAME(reflect)(
          w->left + i * columns, columns, w->m - i, columns, corner, w->stride, w->leftScale[i], 0);
    if (w->rightScale[i] != 0)
      NAME(reflect)(
          w->right + (i + 1) * columns, columns, w->n - i - 1, columns, corner + 1, 1,
          w->rightScale[i], 0);
  }
  return columns;
}

CLONES void NAME(small_svd_vectors)(
    void *workspace, ptrdiff_t index, ptrdiff_t count, REAL *u, REAL *vt) {
  STATE *w = (STATE *)((char *)workspace + index * ((STATE *)workspace)->size);
  if (count == 0) return;
  ptrdiff_t columns = NAME(form_vectors)(w, count);
  const REAL *left = w->isTransposed ? w->right : w->left;
  const REAL *right = w->isTransposed ? w->left : w->right;
  ptrdiff_t m = w->isTransposed ? w->n : w->m, n = w->isTransposed ? w->m : w->n;
  REAL *largest = w->rightT, *sign = w->rightT + columns;
  for (ptrdiff_t j = 0; j < count; j++) largest[j] = 0, sign[j] = 1;
  for (ptrdiff_t i = 0; i < m; i++)
    for (ptrdiff_t j = 0; j < count; j++) {
      REAL entry = left[i * columns + j], size = MAGNITUDE(entry);
      sign[j] = size > largest[j] ? (entry < 0 ? -1 : 1) : sign[j];
      largest[j] = size > largest[j] ? size : largest[j];
    }
  for (ptrdiff_t i = 0; i < m; i++)
    for (ptrdiff_t j = 0; j < count; j++) u[i * count + j] = left[i * columns + j] * sign[j];
  for (ptrdiff_t j = 0; j < count; j++)
    for (ptrdiff_t i = 0; i < n; i++) vt[j * n + i] = right[i * columns + j] * sign[j];
}

CLONES void NAME(small_svd_add)(
    void *workspace, ptrdiff_t index, ptrdiff_t count, const REAL *weights, REAL *target,
    ptrdiff_t stride) {
  STATE *w = (STATE *)((char *)workspace + index * ((STATE *)workspace)->size);
  if (count == 0) return;
  ptrdiff_t columns = NAME(form_vectors)(w, count);
  const REAL *left = w->isTransposed ? w->right : w->left;
  const REAL *right = w->isTransposed ? w->left : w->right;
  ptrdiff_t m = w->isTransposed ? w->n : w->m, n = w->isTransposed ? w->m : w->n;
  ptrdiff_t padded = ROUNDED(n);
  for (ptrdiff_t j = 0; j < count; j++)
    for (ptrdiff_t i = 0; i < n; i++)
      w->rightT[j * padded + i] = weights[j] * right[i * columns + j];
  for (ptrdiff_t i = 0; i < m; i++) {
    REAL *restrict row = target + i * stride;
    for (ptrdiff_t j = 0; j < count; j++) {
      const REAL *restrict source = w->rightT + j * padded;
      REAL factor = left[i * columns + j];
      for (ptrdiff_t k = 0; k < n; k++) row[k] += factor * source[k];
    }
  }
}

#undef VECTOR
#undef MASK
#undef SELECT
#undef AT
#undef RUN
#undef ROTATION
#undef HISTORY
#undef STATE
#undef SWEEP
#undef ROUNDED
#undef TILE
#undef INLINE
#undef MAGNITUDE
