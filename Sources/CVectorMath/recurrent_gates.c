#include "recurrent_gates.h"

#include <stdint.h>
#include <string.h>

#include "clones.h"

// exp r − 1 = r + r²·Σ rⁿ/(n + 2)!: Taylor's series, whose rest for |r| ≤ ½ ln 2 is below a quarter of
// the last place.
static const double terms_d[] = {
    1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320,
    1.0 / 5040,       1.0 / 720,       1.0 / 120,      1.0 / 24,      1.0 / 6,      0.5};
static const float terms_f[] = {1.0f / 5040, 1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f};

// One source for both precisions. LN2_HIGH has so few digits that its multiples are exact (Cody &
// Waite 1980); ROUNDING added and taken away leaves a whole number, whose last bits are those of the sum;
// LARGEST is where exp still has a value, SATURATED where tanh has none but 1.

#define REAL double
#define BITS int64_t
#define NAME(function) function##_d
#define TERMS 12
#define MANTISSA 52
#define BIAS 1023
#define ROUNDING 0x1.8p52
#define LN2_HIGH 0x1.62e42feep-1
#define LN2_LOW 0x1.a39ef35793c76p-33
#define LARGEST 708.0
#define SATURATED 20.0
#include "recurrent_gates_kernels.h"
#undef REAL
#undef BITS
#undef NAME
#undef TERMS
#undef MANTISSA
#undef BIAS
#undef ROUNDING
#undef LN2_HIGH
#undef LN2_LOW
#undef LARGEST
#undef SATURATED

#define REAL float
#define BITS int32_t
#define NAME(function) function##_f
#define TERMS 6
#define MANTISSA 23
#define BIAS 127
#define ROUNDING 0x1.8p23f
#define LN2_HIGH 0x1.62e4p-1f
#define LN2_LOW 0x1.7f7d1cp-20f
#define LARGEST 87.0f
#define SATURATED 10.0f
#include "recurrent_gates_kernels.h"
