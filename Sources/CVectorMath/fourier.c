#include "fourier.h"

#include "clones.h"

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")


// One source for both precisions.

#define REAL double
#define NAME(function) function##_d
#include "fourier_kernels.h"
#undef REAL
#undef NAME

#define REAL float
#define NAME(function) function##_f
#include "fourier_kernels.h"
