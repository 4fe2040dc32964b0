// Included by vector_loops.c once per precision, with REAL and NAME defined.

#define LANES ((ptrdiff_t)(32 / sizeof(REAL)))
typedef REAL NAME(vector) __attribute__((vector_size(32), aligned(sizeof(REAL))));
typedef REAL NAME(aligned_vector) __attribute__((vector_size(32)));
#define VECTOR NAME(vector)
#define ALIGNED NAME(aligned_vector)
#define AT(pointer) (*(VECTOR *)(pointer))
#define LOAD(pointer) (*(const VECTOR *)(pointer))

// A sum over all i of `term`, an expression for LANES elements from i, and `element`, for one.
#define SUM(term, element) \
  VECTOR sums[4] = {{0}}; \
  ptrdiff_t i = 0; \
  for (; i + 4 * LANES <= count; i += 4 * LANES) { \
    for (int part = 0; part < 4; part++) sums[part] += term(i + part * LANES); \
  } \
  for (; i + LANES <= count; i += LANES) sums[0] += term(i); \
  VECTOR total = (sums[0] + sums[1]) + (sums[2] + sums[3]); \
  REAL sum = 0; \
  for (int lane = 0; lane < LANES; lane++) sum += total[lane]; \
  for (; i < count; i++) sum += element(i); \
  return sum;

CLONES REAL NAME(vector_sum)(ptrdiff_t count, const REAL *x) {
#define TERM(i) LOAD(x + (i))
#define ELEMENT(i) x[i]
  SUM(TERM, ELEMENT)
#undef TERM
#undef ELEMENT
}

CLONES REAL NAME(vector_dot)(ptrdiff_t count, const REAL *x, const REAL *y) {
#define TERM(i) LOAD(x + (i)) * LOAD(y + (i))
#define ELEMENT(i) x[i] * y[i]
  SUM(TERM, ELEMENT)
#undef TERM
#undef ELEMENT
}

// For all i: `step` for LANES elements from i, `element` for one.
#define EACH(step, element) \
  ptrdiff_t i = 0; \
  for (; i + LANES <= count; i += LANES) step; \
  for (; i < count; i++) element;

CLONES void NAME(vector_add)(ptrdiff_t count, const REAL *x, REAL *z) {
  EACH(AT(z + i) += LOAD(x + i), z[i] += x[i])
}

CLONES void NAME(vector_add_scaled)(ptrdiff_t count, REAL factor, const REAL *x, REAL *z) {
  EACH(AT(z + i) += factor * LOAD(x + i), z[i] += factor * x[i])
}

CLONES void NAME(vector_add_product)(
    ptrdiff_t count, const REAL *x, const REAL *y, REAL *z) {
  EACH(AT(z + i) += LOAD(x + i) * LOAD(y + i), z[i] += x[i] * y[i])
}

// The elements before the first that lies on a boundary of 32 bytes.
static inline ptrdiff_t NAME(unaligned)(const REAL *z, ptrdiff_t count) {
  ptrdiff_t elements = (ptrdiff_t)(-(size_t)z % 32 / sizeof(REAL));
  return elements < count ? elements : count;
}

// z[i] = `term` for LANES elements from i or `element` for one, past the caches if asked to.
#define WRITE(term, element) \
  ptrdiff_t i = 0; \
  if (streams) { \
    for (ptrdiff_t first = NAME(unaligned)(z, count); i < first; i++) z[i] = element; \
    for (; i + LANES <= count; i += LANES) { \
      __builtin_nontemporal_store((ALIGNED)(term), (ALIGNED *)(z + i)); \
    } \
    ORDER_STORES; \
  } else { \
    for (; i + LANES <= count; i += LANES) AT(z + i) = term; \
  } \
  for (; i < count; i++) z[i] = element;

CLONES void NAME(vector_scale)(
    ptrdiff_t count, REAL factor, const REAL *x, REAL *z, int streams) {
  WRITE(factor * LOAD(x + i), factor * x[i])
}

CLONES void NAME(vector_multiply)(
    ptrdiff_t count, const REAL *x, const REAL *y, REAL *z, int streams) {
  WRITE(LOAD(x + i) * LOAD(y + i), x[i] * y[i])
}

#undef LANES
#undef VECTOR
#undef ALIGNED
#undef AT
#undef LOAD
#undef SUM
#undef EACH
#undef WRITE
