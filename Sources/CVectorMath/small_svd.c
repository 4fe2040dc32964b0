#include "small_svd.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "clones.h"

// One source for both precisions.

#define REAL double
#define INTEGER long long
#define NAME(function) function##_d
#define LANES 4
#define EPSILON DBL_EPSILON
// Squares below this have lost digits to underflow; next to a matrix of norm one they are nothing.
#define SMALLEST_SQUARE 1e-280
#define SCALE_BY_POWER ldexp
#define EXPONENT ilogb
#include "small_svd_kernels.h"
#undef REAL
#undef INTEGER
#undef NAME
#undef LANES
#undef EPSILON
#undef SMALLEST_SQUARE
#undef SCALE_BY_POWER
#undef EXPONENT

#define REAL float
#define INTEGER int
#define NAME(function) function##_f
#define LANES 8
#define EPSILON FLT_EPSILON
#define SMALLEST_SQUARE 1e-32f
#define SCALE_BY_POWER ldexpf
#define EXPONENT ilogbf
#include "small_svd_kernels.h"
