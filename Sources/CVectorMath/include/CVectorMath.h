#ifndef CVECTORMATH_H
#define CVECTORMATH_H

#include "buffers.h"
#include "convolution.h"
#include "fourier.h"
#include "processor.h"
#include "small_svd.h"
#include "strided_product.h"
#include "vector_loops.h"
#include "winograd.h"

#endif
