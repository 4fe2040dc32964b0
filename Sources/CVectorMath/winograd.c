#include "winograd.h"

#include "clones.h"

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define ROWS 6

static inline ptrdiff_t lesser(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }


// One source for both precisions.

#define REAL double
#define NAME(function) function##_d
#include "winograd_kernels.h"
#undef REAL
#undef NAME

#define REAL float
#define NAME(function) function##_f
#include "winograd_kernels.h"
