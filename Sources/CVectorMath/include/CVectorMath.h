#ifndef CVECTORMATH_H
#define CVECTORMATH_H

#include "attention.h"
#include "buffers.h"
#include "processor.h"
#include "small_svd.h"
#include "strided_product.h"
#include "vector_gates.h"
#include "vector_loops.h"
#include "vector_math.h"
#include "vector_rows.h"
#include "vector_updates.h"

#endif
