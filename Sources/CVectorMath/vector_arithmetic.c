#include "vector_arithmetic.h"

#include "clones.h"

// One source for both precisions.
#include "precision_double.h"
// -
#include "vector_arithmetic_kernels.h"
// -
#include "precision_float.h"
// -
#include "vector_arithmetic_kernels.h"
