// Elementary functions for both precisions: what the array functions, the row kernels and the gates
// are made of. Each is a straight line of code in which values are chosen and nothing is skipped, so
// that the compiler makes vectors of a loop over it.
//
// Range reduction with ln 2 in two parts, the first so short that its multiples are exact: Cody &
// Waite, "Software Manual for the Elementary Functions", 1980. Polynomials are minimax in the
// relative error of the function, by Remez's algorithm with 40 digits, their first terms fixed where
// a rounded coefficient would cost accuracy. Nothing here relies on a product and a sum being
// rounded once, nor on their being rounded twice: variants with and without fused multiply-add are
// both right.
#ifndef ELEMENTARY_H
#define ELEMENTARY_H

#include <float.h>
#include <math.h>
#include <stddef.h>

#include "clones.h"

#pragma STDC FP_CONTRACT ON

#define INLINE static inline __attribute__((always_inline))

// exp r = 1 + r + r²·q(r) for |r| ≤ ½ ln 2.
static const double exp_terms_d[] = {
    0.50000000000000111,    0.16666666666666408,   0.041666666666529246,
    0.0083333333334973114,  0.001388888894392485,  0.00019841269501824675,
    2.4801492750714558e-05, 2.7557589494167152e-06, 2.7630385040657555e-07,
    2.4999399505924437e-08};
static const float exp_terms_f[] = {
    0.49999994f, 0.166665196f, 0.0416683927f, 0.00836877897f, 0.00138144568f};

// 2 artanh s = 2s + s³·p(s²) for |s| ≤ (√2 − 1)/(√2 + 1).
static const double log_terms_d[] = {
    0.66666666666667351, 0.39999999999411168, 0.28571428743244109, 0.22222198478031382,
    0.18183569627196017, 0.15313906272464872, 0.1479747614335345};
static const float log_terms_f[] = {0.666667759f, 0.399774939f, 0.29873082f};

// erf a = a + a·p(a²) for |a| ≤ 0.9.
static const double erf_terms_d[] = {
    0.12837916709551259,    -0.37612638903183732,   0.1128379167095382,
    -0.02686617064482881,   0.0052239776218205207,  -0.00085483267673547108,
    0.00012055321486172364, -1.4925309926227332e-05, 1.6455364156331328e-06,
    -1.6276852358130263e-07, 1.4053175130005517e-08, -8.4977969022454004e-10};
static const float erf_terms_f[] = {
    0.128379166f,   -0.376126349f,    0.112837195f,    -0.0268607531f,
    0.00520443683f, -0.000818193483f, 8.53887177e-05f};

// Φ(x) = ½ + x·p(x²) for |x| ≤ 1.
static const double normal_terms_d[] = {
    0.3989422804014327,      -0.066490380066905427,  0.0099735570100349894,
    -0.001187328215467621,   0.00011543468751389173, -9.4446557832032055e-06,
    6.6596796557748621e-07,  -4.1224076160984558e-08, 2.2703872106034827e-09,
    -1.1063083211198066e-10, 4.0718443855897256e-12};
static const float normal_terms_f[] = {
    0.398942292f,    -0.0664903596f, 0.00997332297f,
    -0.00118632987f, 0.000113486298f, -7.65418099e-06f};

// exp(a²/2)·Φ(−a) = w·p((a − K)·w), w = 1/(a + K), for 0 ≤ a as far as Φ(−a) is not 0: a polynomial
// in the variable of Shepherd & Laframboise, "Chebyshev approximation of (1 + 2x)exp(x²)erfc x in
// 0 ≤ x < ∞", 1981.
#define TAIL_CENTRE_d 5
#define TAIL_CENTRE_f 3.5f
static const double tail_terms_d[] = {
    0.76919304975006297,     -0.66538250289005674,    0.49530561596997746,
    -0.31353315667129589,    0.16502036617032984,     -0.069118638706581623,
    0.020795066800997259,    -0.0029933767664965753,  -0.00079786940969899802,
    0.00054489903125771197,  -5.9375664649139409e-05, -4.9762641692828393e-05,
    1.6681004897947585e-05,  3.9803334329399109e-06,  -2.7688752046825109e-06,
    -3.3541249676614894e-07, 4.3279451010499222e-07,  4.0696220328819421e-08,
    -6.5974368950009658e-08, -8.1438305981191077e-09, 7.9644767020797033e-09,
    1.3794244079175124e-09,  -3.2344615885159027e-10};
static const float tail_terms_f[] = {
    0.744416058f,     -0.565561831f,   0.315425128f,   -0.116051354f,
    0.0174054448f,    0.00647978764f,  -0.00317406585f, -0.000454147987f,
    0.00043440389f,   6.70739173e-05f, -2.74170616e-05f};

// ln 2 = the sum of both.
#define LN2_HIGH_d 0.6931471805601177
#define LN2_LOW_d -1.7239444525614835e-13
#define LN2_HIGH_f 0.693145752f
#define LN2_LOW_f 1.42860682e-06f

// Beyond these exp is infinite or 0; beyond the third Φ(−a) is 0.
#define EXP_MOST_d 710
#define EXP_LEAST_d -746
#define TAIL_END_d 40
#define EXP_MOST_f 89
#define EXP_LEAST_f -105
#define TAIL_END_f 15

#define LEAST_NORMAL_d DBL_MIN
#define LEAST_NORMAL_f FLT_MIN
#define LARGEST_d DBL_MAX
#define LARGEST_f FLT_MAX

// The fraction bits of √½.
#define ROOT_HALF_d 0x6a09e667f3bcdULL
#define ROOT_HALF_f 0x3504f3U

// Shorter names within the kernels, whatever the precision.
#define BITS_OF NAME(bits_of)
#define FROM_BITS NAME(from_bits)
#define TERMS(table, x) \
  NAME(polynomial)(x, NAME(table##_terms), sizeof(NAME(table##_terms)) / sizeof(REAL))
// The number 2^k for 0 ≤ k < 64; the bits of 1 and of the sign.
#define POWER(k) ((REAL)(1ULL << (k)))
#define ONE_BITS ((UNSIGNED)BIAS << MANTISSA)
#define SIGN_BIT (~(~(UNSIGNED)0 >> 1))

// A loop whose turns do not depend on each other, though an array that it reads may be one that it
// writes. Wider steps than one vector would leave more elements to the scalar end of short rows.
#define EACH(i, count) \
  _Pragma("clang loop vectorize(assume_safety) interleave(disable)") \
  for (ptrdiff_t i = 0; i < (count); i++)

#include "precision_double.h"
// -
#include "elementary_kernels.h"
// -
#include "precision_float.h"
// -
#include "elementary_kernels.h"
// -
#include "precision_none.h"

#endif
