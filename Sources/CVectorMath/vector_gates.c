#include "vector_gates.h"

#include "elementary.h"
// One source for both precisions.
#include "precision_double.h"
// -
#include "vector_gates_kernels.h"
// -
#include "precision_float.h"
// -
#include "vector_gates_kernels.h"
