// Included by vector_arithmetic.c once per precision.

// A loop for each pattern of steps, so that every one of them is vectorised.
#define EACH(operator) \
  if (x_step && y_step) { \
    for (ptrdiff_t i = 0; i < count; i++) z[i] = x[i] operator y[i]; \
  } else if (x_step) { \
    const REAL b = y[0]; \
    for (ptrdiff_t i = 0; i < count; i++) z[i] = x[i] operator b; \
  } else if (y_step) { \
    const REAL a = x[0]; \
    for (ptrdiff_t i = 0; i < count; i++) z[i] = a operator y[i]; \
  } else { \
    const REAL c = x[0] operator y[0]; \
    for (ptrdiff_t i = 0; i < count; i++) z[i] = c; \
  } \
  break;

CLONES void NAME(vector_arithmetic)(
    VectorArithmetic operation, ptrdiff_t count, const REAL *x, int x_step, const REAL *y,
    int y_step, REAL *restrict z) {
  if (count <= 0) return;
  switch (operation) {
    case VECTOR_ADD: EACH(+)
    case VECTOR_SUBTRACT: EACH(-)
    case VECTOR_MULTIPLY: EACH(*)
    case VECTOR_DIVIDE: EACH(/)
  }
}

#undef EACH
