// Included by vector_math.c once per precision.

#define FUNCTION(name) \
  CLONES void NAME(vector_##name)(ptrdiff_t count, const REAL *x, REAL *y) { \
    EACH(i, count) y[i] = NAME(name##_of)(x[i]); \
  }

VECTOR_FUNCTIONS(FUNCTION)

#undef FUNCTION
