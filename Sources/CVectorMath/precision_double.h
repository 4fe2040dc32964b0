// What the kernels written for both precisions call their number type, for double.

#include "precision_none.h"

#define REAL double
#define UNSIGNED unsigned long long
#define NAME(function) function##_d
// Bits of the significand without the leading one; what is added to an exponent.
#define MANTISSA 52
#define BIAS 1023
