#ifndef CVECTORMATH_H
#define CVECTORMATH_H

#include "small_svd.h"

#endif
