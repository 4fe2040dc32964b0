// What the kernels written for both precisions call their number type, for float.

#include "precision_none.h"

#define REAL float
#define UNSIGNED unsigned int
#define NAME(function) function##_f
#define MANTISSA 23
#define BIAS 127
