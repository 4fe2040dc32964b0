// Included by attention.c once per instruction set: the kernels in both precisions.

#define JOIN(name, letter, set) name##_##letter##_##set
#define NAMED(name, letter, set) JOIN(name, letter, set)

#define NAME(name) NAMED(name, d, SET)
#define REAL double
#define INTEGER long long
// 1.5·2^52: added and subtracted again it rounds to whole numbers.
#define ROUNDER 0x1.8p52
#define MANTISSA 52
#define SMALLEST_EXPONENT -1022
#define POWERS powersD
#define LOG2 log2
#include "attention_tiles.h"
#include "attention_forward_kernel.h"
#include "attention_backward_kernel.h"
#include "attention_decode_kernel.h"
#include "attention_end.h"

#define NAME(name) NAMED(name, f, SET)
#define REAL float
#define INTEGER int
#define ROUNDER 0x1.8p23f
#define MANTISSA 23
#define SMALLEST_EXPONENT -126
#define POWERS powersF
#define LOG2 log2f
#include "attention_tiles.h"
#include "attention_forward_kernel.h"
#include "attention_backward_kernel.h"
#include "attention_decode_kernel.h"
#include "attention_end.h"

#undef JOIN
#undef NAMED
