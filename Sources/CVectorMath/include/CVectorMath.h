#ifndef CVECTORMATH_H
#define CVECTORMATH_H

#include "attention.h"
#include "buffers.h"
#include "convolution.h"
#include "dense_rows.h"
#include "fourier.h"
#include "packed_product.h"
#include "processor.h"
#include "recurrent_gates.h"
#include "small_svd.h"
#include "strided_product.h"
#include "vector_arithmetic.h"
#include "vector_loops.h"
#include "vector_math.h"
#include "vector_rows.h"
#include "vector_updates.h"
#include "winograd.h"

#endif
