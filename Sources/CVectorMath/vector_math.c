#include "vector_math.h"

#include "elementary.h"
// One source for both precisions.
#include "precision_double.h"
// -
#include "vector_math_kernels.h"
// -
#include "precision_float.h"
// -
#include "vector_math_kernels.h"
