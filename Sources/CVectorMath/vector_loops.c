#include "vector_loops.h"

#include "clones.h"

// Stores past the caches are seen by other threads in any order until this.
#if defined(__x86_64__)
#define ORDER_STORES __builtin_ia32_sfence()
#else
#define ORDER_STORES (void)0
#endif

// One source for both precisions.

#define REAL double
#define NAME(function) function##_d
#include "vector_loops_kernels.h"
#undef REAL
#undef NAME

#define REAL float
#define NAME(function) function##_f
#include "vector_loops_kernels.h"
