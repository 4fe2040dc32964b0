// Included by elementary.h once per precision.

INLINE UNSIGNED NAME(bits_of)(REAL x) {
  UNSIGNED bits;
  __builtin_memcpy(&bits, &x, sizeof x);
  return bits;
}

INLINE REAL NAME(from_bits)(UNSIGNED bits) {
  REAL x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

// A NaN stays one in both.
INLINE REAL NAME(at_most)(REAL x, REAL limit) { return x > limit ? limit : x; }
INLINE REAL NAME(at_least)(REAL x, REAL limit) { return x < limit ? limit : x; }

INLINE REAL NAME(magnitude)(REAL x) { return FROM_BITS(BITS_OF(x) & ~SIGN_BIT); }

// y, whose sign is that of x or plus, with that of x.
INLINE REAL NAME(with_sign)(REAL y, REAL x) {
  return FROM_BITS(BITS_OF(y) | (BITS_OF(x) & SIGN_BIT));
}

// value + rest.
typedef struct {
  REAL value, rest;
} NAME(sum);
#define SUM NAME(sum)

// x + y with what rounding takes from it (Møller 1965, Knuth).
INLINE SUM NAME(sum_of)(REAL x, REAL y) {
  REAL value = x + y, part = value - y;
  return (SUM){value, (y - (value - part)) + (x - part)};
}

// Horner's scheme, its loop unrolled.
INLINE REAL NAME(polynomial)(REAL x, const REAL *terms, int count) {
  REAL sum = terms[count - 1];
#pragma clang loop unroll(full)
  for (int i = count - 2; i >= 0; i--) sum = sum * x + terms[i];
  return sum;
}

// x = n·ln 2 + r + rest, where `rest` is what r lost when it was rounded.
typedef struct {
  REAL r, rest, n;
  // n in the low bits of 1.5·2^MANTISSA: adding that to a number rounds it to an integer.
  REAL shifted;
} NAME(reduced);
#define REDUCED NAME(reduced)

// x + low, of which x decides alone but for little.
INLINE REDUCED NAME(reduce_sum)(REAL x, REAL low) {
  const REAL shift = (REAL)1.5 * POWER(MANTISSA);
  REDUCED result;
  result.shifted = (x + low) * (REAL)1.4426950408889634 + shift;
  result.n = result.shifted - shift;
  REAL high = x - result.n * NAME(LN2_HIGH);
  low = low - result.n * NAME(LN2_LOW);
  result.r = high + low;
  result.rest = (high - result.r) + low;
  return result;
}

// Adding −0 changes nothing, which the compiler knows.
INLINE REDUCED NAME(reduce)(REAL x) { return NAME(reduce_sum)(x, -(REAL)0); }

// exp(r + rest) − 1 − r.
INLINE REAL NAME(exp_curve)(REDUCED a) { return (a.r * a.r) * TERMS(exp, a.r) + a.rest; }

// p·2^n by two factors, so that the product is rounded once where it is subnormal and overflows only
// where it has to.
INLINE REAL NAME(scaled)(REAL p, REAL shifted) {
  UNSIGNED both = BITS_OF(shifted) + 2 * BIAS;
  UNSIGNED half = both >> 1;
  return p * FROM_BITS(half << MANTISSA) * FROM_BITS((both - half) << MANTISSA);
}

INLINE REAL NAME(exp_of)(REAL x) {
  x = NAME(at_least)(NAME(at_most)(x, NAME(EXP_MOST)), NAME(EXP_LEAST));
  REDUCED a = NAME(reduce)(x);
  return NAME(scaled)(1 + (a.r + NAME(exp_curve)(a)), a.shifted);
}

// exp x − 1 for x ≤ EXP_MOST: 2^n·p + (2^n − 1), halved, so that 2^n does not overflow.
INLINE SUM NAME(exp_minus_one)(REAL x) {
  REDUCED a = NAME(reduce)(NAME(at_least)(x, -40));
  REAL curve = NAME(exp_curve)(a), p = a.r + curve, rest = (a.r - p) + curve;
  REAL half = FROM_BITS((BITS_OF(a.shifted) << MANTISSA) + (ONE_BITS - ((UNSIGNED)1 << MANTISSA)));
  REAL sum = 2 * (half * p + (half - (REAL)0.5));
  return (SUM){a.n == 0 ? p : sum, a.n == 0 ? rest : 2 * (half * rest)};
}

INLINE REAL NAME(expm1_of)(REAL x) {
  SUM y = NAME(exp_minus_one)(NAME(at_most)(x, NAME(EXP_MOST)));
  // An infinite value has no rest.
  return NAME(with_sign)(y.value > NAME(LARGEST) ? y.value : y.value + y.rest, x);
}

// log x + `relative` − exponent·ln 2 for a normal x: x = 2^k·(1 + f), √½ ≤ 1 + f < √2,
// s = f/(2 + f), log(1 + f) = f − (f²/2 − s·(f²/2 + s²·p(s²))).
INLINE REAL NAME(log_normal)(REAL x, REAL relative, REAL exponent) {
  const UNSIGNED one = (UNSIGNED)1 << MANTISSA;
  UNSIGNED t = BITS_OF(x) + (one - NAME(ROOT_HALF));
  REAL f = FROM_BITS((t & (one - 1)) + (ONE_BITS - one + NAME(ROOT_HALF))) - 1;
  // k + BIAS in the low bits of 2^MANTISSA.
  UNSIGNED k = (t >> MANTISSA) | ((UNSIGNED)(BIAS + MANTISSA) << MANTISSA);
  REAL n = FROM_BITS(k) - (POWER(MANTISSA) + BIAS) - exponent;
  REAL s = f / (2 + f), z = s * s, half = (REAL)0.5 * f * f;
  REAL rest = s * (half + z * TERMS(log, z)) + (n * NAME(LN2_LOW) + relative);
  return n * NAME(LN2_HIGH) + (f - (half - rest));
}

// y for a positive finite x, else what a logarithm has to be.
INLINE REAL NAME(log_checked)(REAL y, REAL x) {
  REAL special = x == 0 ? -(REAL)INFINITY : x > 0 ? x : (REAL)NAN;
  return ((x > 0) & (x < (REAL)INFINITY)) ? y : special;
}

INLINE REAL NAME(log_of)(REAL x) {
  // Subnormal numbers are made normal first.
  int small = x < NAME(LEAST_NORMAL);
  REAL normal = small ? x * POWER(MANTISSA + 2) : x;
  REAL exponent = small ? MANTISSA + 2 : 0;
  return NAME(log_checked)(NAME(log_normal)(normal, 0, exponent), x);
}

// log(1 + x) for that sum, whose rest is divided by it: a reciprocal of few digits, exact at 1, does.
INLINE REAL NAME(log_of_sum)(SUM sum) {
  REAL near = NAME(at_most)(sum.value, POWER(60));
  REAL reciprocal = FROM_BITS(2 * ONE_BITS - BITS_OF(near));
  reciprocal = reciprocal * (2 - near * reciprocal);
  return NAME(log_normal)(sum.value, sum.rest * reciprocal, 0);
}

INLINE REAL NAME(log1p_of)(REAL x) {
  SUM sum = NAME(sum_of)(x, 1);
  return NAME(with_sign)(NAME(log_checked)(NAME(log_of_sum)(sum), sum.value), x);
}

// t/(t + 2), t = exp 2|x| − 1: 1 from |x| = 22 on. The quotient q is mended by what t and the sum
// lost; 1/(t + 2) = (1 − q)/2.
INLINE REAL NAME(tanh_of)(REAL x) {
  SUM t = NAME(exp_minus_one)(2 * NAME(at_most)(NAME(magnitude)(x), 22));
  SUM sum = NAME(sum_of)(t.value, 2);
  REAL q = t.value / sum.value, slope = (REAL)0.5 - (REAL)0.5 * q;
  return NAME(with_sign)(q + (t.rest - q * (sum.rest + t.rest)) * slope, x);
}

// 1/(1 + e) or e/(1 + e), e = exp −|x|. The quotient q is mended by what the sum lost; 1/(1 + e) = q
// or 1 − q.
INLINE REAL NAME(sigmoid_of)(REAL x) {
  REAL e = NAME(exp_of)(-NAME(magnitude)(x));
  REAL sum = 1 + e, lost = (1 - sum) + e;
  REAL q = (x < 0 ? e : 1) / sum;
  return q - q * lost * (x < 0 ? 1 - q : q);
}

// max(x, 0) + log(1 + exp −|x|).
INLINE REAL NAME(softplus_of)(REAL x) {
  REAL e = NAME(exp_of)(-NAME(magnitude)(x));
  return (x < 0 ? 0 : x) + NAME(log_of_sum)(NAME(sum_of)(e, 1));
}

// x with the lower half of its significand cleared: products of two such numbers are exact.
INLINE REAL NAME(head_of)(REAL x) {
  const UNSIGNED half = ((UNSIGNED)1 << ((MANTISSA + 2) / 2)) - 1;
  return FROM_BITS(BITS_OF(x) & ~half);
}

// a² as an exact number and a small one.
INLINE SUM NAME(square_of)(REAL a) {
  REAL head = NAME(head_of)(a);
  return (SUM){head * head, (a - head) * (a + head)};
}

// exp(a²/2)·Φ(−a). The reciprocal w is taken as an exact head and a rest from what the head leaves of
// 1, so that the variable of the polynomial is rounded but once.
INLINE REAL NAME(tail_ratio)(REAL a) {
  const REAL centre = NAME(TAIL_CENTRE);
  SUM sum = NAME(sum_of)(a, centre);
  REAL sumHead = NAME(head_of)(sum.value), w = NAME(head_of)(1 / sum.value);
  REAL left = ((1 - sumHead * w) - (sum.value - sumHead) * w) - sum.rest * w;
  REAL rest = w * (left + left * left);
  REAL p = TERMS(tail, (1 - 2 * centre * w) - 2 * centre * rest);
  return w * p + rest * p;
}

// 1 − 2Φ(−√2·|x|), near 0 a polynomial; 1 from |x| = 6 on.
INLINE REAL NAME(erf_of)(REAL x) {
  REAL a = NAME(at_most)(NAME(magnitude)(x), 6);
  SUM square = NAME(square_of)(a);
  REDUCED e = NAME(reduce_sum)(-square.value, -square.rest);
  REAL p = (1 + (e.r + NAME(exp_curve)(e))) * NAME(tail_ratio)(a * (REAL)M_SQRT2);
  REAL far = 1 - 2 * NAME(scaled)(p, e.shifted);
  REAL near = a + a * TERMS(erf, a * a);
  return NAME(with_sign)(a < (REAL)0.9 ? near : far, x);
}

// exp(−a²/2) = (1 + power)·2^n for a = |x|, as far as it matters.
typedef struct {
  REAL a, power, shifted;
  SUM square;
} NAME(bell);
#define BELL NAME(bell)

INLINE BELL NAME(bell_of)(REAL x) {
  BELL bell;
  bell.a = NAME(at_most)(NAME(magnitude)(x), NAME(TAIL_END));
  bell.square = NAME(square_of)(bell.a);
  REDUCED e =
      NAME(reduce_sum)(bell.square.value * -(REAL)0.5, bell.square.rest * -(REAL)0.5);
  bell.power = e.r + NAME(exp_curve)(e);
  bell.shifted = e.shifted;
  return bell;
}

// y·exp(−a²/2).
INLINE REAL NAME(under_bell)(REAL y, BELL bell) {
  return NAME(scaled)(y + y * bell.power, bell.shifted);
}

// 1/√(2π); where (Φ(x) − ½)/x is a polynomial in x².
#define BELL_TOP (REAL)0.3989422804014327
#define NORMAL_NEAR 1

// Φ(x): the tail for x < 0, else 1 less the tail, and near 0 a polynomial.
INLINE REAL NAME(normal_of)(REAL x) {
  BELL bell = NAME(bell_of)(x);
  REAL tail = NAME(under_bell)(NAME(tail_ratio)(bell.a), bell);
  REAL near = (REAL)0.5 + x * TERMS(normal, x * x);
  return bell.a < NORMAL_NEAR ? near : x < 0 ? tail : 1 - tail;
}

// x·Φ(x); on the left the product is formed before a subnormal Φ(x) could lose digits.
INLINE REAL NAME(gelu_of)(REAL x) {
  BELL bell = NAME(bell_of)(x);
  REAL ratio = NAME(tail_ratio)(bell.a);
  REAL tail = NAME(under_bell)(x < 0 ? -bell.a * ratio : ratio, bell);
  REAL near = (REAL)0.5 + x * TERMS(normal, x * x);
  REAL right = x * (bell.a < NORMAL_NEAR ? near : 1 - tail);
  return x <= -NORMAL_NEAR ? tail : right;
}

// Φ(x) + x·φ(x), on the right 1 − (Φ(−a) − a·φ(a)).
INLINE REAL NAME(gelu_slope_of)(REAL x) {
  BELL bell = NAME(bell_of)(x);
  REAL tail = NAME(under_bell)(NAME(tail_ratio)(bell.a) - bell.a * BELL_TOP, bell);
  REAL near = (REAL)0.5 + x * (TERMS(normal, x * x) + NAME(under_bell)(BELL_TOP, bell));
  return bell.a < NORMAL_NEAR ? near : x < 0 ? tail : 1 - tail;
}

// (2 − x²)·φ(x).
INLINE REAL NAME(gelu_bend_of)(REAL x) {
  BELL bell = NAME(bell_of)(x);
  REAL factor = (2 - bell.square.value) - bell.square.rest;
  return NAME(under_bell)(BELL_TOP * factor, bell);
}
