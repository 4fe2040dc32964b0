#include "vector_rows.h"

#include "elementary.h"
#include "vector_loops.h"

// Elements whose exponentials are added up while they are in the first-level cache.
#define BLOCK 1024

// Lane by lane the greater; the other where one is NaN.
#define GREATER(a, b) __builtin_elementwise_max(a, b)

// One source for both precisions.
#include "precision_double.h"
// -
#include "vector_rows_kernels.h"
// -
#include "precision_float.h"
// -
#include "vector_rows_kernels.h"
