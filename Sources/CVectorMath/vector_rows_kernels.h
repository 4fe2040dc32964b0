// Included by vector_rows.c once per precision.

// 32 bytes, read from anywhere.
typedef REAL NAME(row_vector) __attribute__((vector_size(32), aligned(sizeof(REAL))));
#define ROW_VECTOR NAME(row_vector)
#define ROW_LANES ((ptrdiff_t)(32 / sizeof(REAL)))
#define LOAD(pointer) (*(const ROW_VECTOR *)(pointer))

CLONES REAL NAME(vector_maximum)(ptrdiff_t count, const REAL *x) {
  REAL maximum = -(REAL)INFINITY;
  ptrdiff_t i = 0;
  if (count >= 4 * ROW_LANES) {
    ROW_VECTOR most[4];
    for (int part = 0; part < 4; part++) most[part] = maximum - (ROW_VECTOR){0};
    for (; i + 4 * ROW_LANES <= count; i += 4 * ROW_LANES) {
      for (int part = 0; part < 4; part++) {
        most[part] = GREATER(LOAD(x + i + part * ROW_LANES), most[part]);
      }
    }
    ROW_VECTOR all = GREATER(GREATER(most[0], most[1]), GREATER(most[2], most[3]));
    for (int lane = 0; lane < ROW_LANES; lane++) {
      if (all[lane] > maximum) maximum = all[lane];
    }
  }
  for (; i < count; i++) {
    if (x[i] > maximum) maximum = x[i];
  }
  return maximum;
}

CLONES REAL NAME(vector_exp_sum)(
    ptrdiff_t count, REAL scale, REAL shift, const REAL *x, REAL *y) {
  REAL sum = 0;
  // Blocks that stay in the first-level cache until they are added up.
  for (ptrdiff_t first = 0; first < count; first += BLOCK) {
    ptrdiff_t size = count - first < BLOCK ? count - first : BLOCK;
    const REAL *from = x + first;
    REAL *to = y + first;
    EACH(i, size) to[i] = NAME(exp_of)(scale * from[i] - shift);
    sum += NAME(vector_sum)(size, to);
  }
  return sum;
}

// What exponents are taken relative to: 0 where nothing but −∞ is left, so that ∞ − ∞ never is.
INLINE REAL NAME(row_origin)(ptrdiff_t count, const REAL *x) {
  REAL maximum = NAME(vector_maximum)(count, x);
  return maximum == -(REAL)INFINITY ? 0 : maximum;
}

CLONES REAL NAME(softmax_row)(ptrdiff_t count, const REAL *x, REAL *y) {
  REAL origin = NAME(row_origin)(count, x);
  REAL sum = NAME(vector_exp_sum)(count, 1, origin, x, y);
  // All of x is −∞ where the sum is 0.
  REAL factor = sum == 0 ? 0 : 1 / sum;
  EACH(i, count) y[i] *= factor;
  return origin + NAME(log_of)(sum);
}

CLONES REAL NAME(log_softmax_row)(ptrdiff_t count, const REAL *x, REAL *y) {
  REAL origin = NAME(row_origin)(count, x), sum = 0;
  REAL powers[BLOCK];
  for (ptrdiff_t first = 0; first < count; first += BLOCK) {
    ptrdiff_t size = count - first < BLOCK ? count - first : BLOCK;
    sum += NAME(vector_exp_sum)(size, 1, origin, x + first, powers);
  }
  REAL logarithm = NAME(log_of)(sum), less = sum == 0 ? 0 : logarithm;
  // In two steps, which lose nothing to the size of the row's maximum.
  EACH(i, count) y[i] = (x[i] - origin) - less;
  return origin + logarithm;
}

CLONES void NAME(softmax_backward_row)(ptrdiff_t count, const REAL *s, REAL *g) {
  REAL mean = NAME(vector_dot)(count, g, s);
  EACH(i, count) g[i] = s[i] * (g[i] - mean);
}

CLONES REAL NAME(layer_norm_row)(
    ptrdiff_t count, REAL epsilon, const REAL *x, const REAL *scale, const REAL *shift,
    REAL *normal, REAL *y) {
  REAL mean = NAME(vector_sum)(count, x) / count;
  EACH(i, count) normal[i] = x[i] - mean;
  REAL variance = NAME(vector_dot)(count, normal, normal) / count;
  REAL r = 1 / __builtin_elementwise_sqrt(variance + epsilon);
  EACH(i, count) {
    normal[i] *= r;
    y[i] = scale[i] * normal[i] + shift[i];
  }
  return r;
}

CLONES void NAME(layer_norm_backward_row)(
    ptrdiff_t count, REAL r, const REAL *gradient, const REAL *normal, const REAL *scale,
    REAL *x_gradient, REAL *scale_gradient, REAL *shift_gradient) {
  EACH(i, count) {
    REAL g = gradient[i];
    scale_gradient[i] += g * normal[i];
    shift_gradient[i] += g;
    x_gradient[i] = scale[i] * g;
  }
  REAL mean = NAME(vector_sum)(count, x_gradient) / count;
  REAL slope = NAME(vector_dot)(count, x_gradient, normal) / count;
  EACH(i, count) x_gradient[i] = r * (x_gradient[i] - mean - normal[i] * slope);
}

#undef LOAD
