// Included by recurrent_gates.c once per precision.

#define INLINE static inline __attribute__((always_inline))
// What is written at one index is read at no other.
#define EACH _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t j = 0; j < count; j++)

// exp x − 1 = 2^k·(exp r − 1) + (2^k − 1), x = k ln 2 + r, for |x| ≤ LARGEST; 2^k to `power`.
INLINE REAL NAME(exp_less_one)(REAL x, REAL *power) {
  REAL shifted = x * (REAL)1.4426950408889634 + ROUNDING;
  REAL k = shifted - ROUNDING;
  REAL r = (x - k * LN2_HIGH) - k * LN2_LOW;
  REAL sum = NAME(terms)[0];
#pragma clang loop unroll(full)
  for (int i = 1; i < TERMS; i++) sum = sum * r + NAME(terms)[i];
  BITS bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (BITS)((uint64_t)(bits + BIAS) << MANTISSA);
  memcpy(power, &bits, sizeof bits);
  return *power * (r + r * r * sum) + (*power - 1);
}

INLINE REAL NAME(sigmoid)(REAL x) {
  REAL power, y = -x;
  y = y > LARGEST ? LARGEST : y;
  y = y < -LARGEST ? -LARGEST : y;
  return 1 / (2 + NAME(exp_less_one)(y, &power));
}

// (exp 2x − 1)/(exp 2x + 1).
INLINE REAL NAME(tangent)(REAL x) {
  REAL power, y = 2 * x;
  y = y > 2 * SATURATED ? 2 * SATURATED : y;
  y = y < -2 * SATURATED ? -2 * SATURATED : y;
  REAL e = NAME(exp_less_one)(y, &power);
  return e / (e + 2);
}

CLONES void NAME(gate_sigmoid)(ptrdiff_t count, REAL *x) { EACH x[j] = NAME(sigmoid)(x[j]); }

CLONES void NAME(gate_tanh)(ptrdiff_t count, REAL *x) { EACH x[j] = NAME(tangent)(x[j]); }

CLONES void NAME(lstm_gates)(
    ptrdiff_t count, ptrdiff_t units, REAL *gates, const REAL *c, REAL *newC, REAL *newH) {
  EACH {
    REAL i = NAME(sigmoid)(gates[j]), f = NAME(sigmoid)(gates[j + units]);
    REAL g = NAME(tangent)(gates[j + 2 * units]), o = NAME(sigmoid)(gates[j + 3 * units]);
    gates[j] = i;
    gates[j + units] = f;
    gates[j + 2 * units] = g;
    gates[j + 3 * units] = o;
    REAL state = f * c[j] + i * g;
    newC[j] = state;
    newH[j] = o * NAME(tangent)(state);
  }
}

// ō = h̄·t with t = tanh c'; c̄' += h̄·o·(1 − t²); ī = c̄'·g, f̄ = c̄'·c, ḡ = c̄'·i; c̄ = c̄'·f.
CLONES void NAME(lstm_gates_back)(
    ptrdiff_t count, ptrdiff_t units, const REAL *gates, const REAL *c, const REAL *newC,
    const REAL *output, const REAL *h, REAL *cAdjoint, REAL *sums) {
  EACH {
    REAL i = gates[j], f = gates[j + units], g = gates[j + 2 * units], o = gates[j + 3 * units];
    REAL t = NAME(tangent)(newC[j]), adjoint = h[j] + (output ? output[j] : 0);
    REAL state = cAdjoint[j] + adjoint * o * (1 - t * t);
    sums[j] = state * g * (i * (1 - i));
    sums[j + units] = state * c[j] * (f * (1 - f));
    sums[j + 2 * units] = state * i * (1 - g * g);
    sums[j + 3 * units] = adjoint * t * (o * (1 - o));
    cAdjoint[j] = state * f;
  }
}

CLONES void NAME(gru_gates)(
    ptrdiff_t count, ptrdiff_t units, REAL *gates, const REAL *h, REAL *newH) {
  EACH {
    REAL r = NAME(sigmoid)(gates[j]), z = NAME(sigmoid)(gates[j + units]);
    REAL n = NAME(tangent)(gates[j + 2 * units] + r * gates[j + 3 * units]);
    gates[j] = r;
    gates[j + units] = z;
    gates[j + 2 * units] = n;
    newH[j] = n + z * (h[j] - n);
  }
}

// z̄ = h̄'·(h − n), n̄ = h̄'·(1 − z), h̄ = h̄'·z; with the sum s of n: s̄ = n̄·(1 − n²), r̄ = s̄·q, q̄ = s̄·r.
CLONES void NAME(gru_gates_back)(
    ptrdiff_t count, ptrdiff_t units, const REAL *gates, const REAL *h, const REAL *output,
    REAL *hAdjoint, REAL *sums) {
  EACH {
    REAL r = gates[j], z = gates[j + units], n = gates[j + 2 * units], q = gates[j + 3 * units];
    REAL adjoint = hAdjoint[j] + (output ? output[j] : 0);
    REAL sum = adjoint * (1 - z) * (1 - n * n);
    sums[j] = sum * q * (r * (1 - r));
    sums[j + units] = adjoint * (h[j] - n) * (z * (1 - z));
    sums[j + 2 * units] = sum;
    sums[j + 3 * units] = sum * r;
    hAdjoint[j] = adjoint * z;
  }
}

CLONES void NAME(gru_reset)(ptrdiff_t count, ptrdiff_t units, REAL *gates, const REAL *h) {
  EACH {
    REAL r = NAME(sigmoid)(gates[j]);
    gates[j] = r;
    gates[j + units] = NAME(sigmoid)(gates[j + units]);
    gates[j + 3 * units] = r * h[j];
  }
}

CLONES void NAME(gru_update)(
    ptrdiff_t count, ptrdiff_t units, REAL *gates, const REAL *h, REAL *newH) {
  EACH {
    REAL n = NAME(tangent)(gates[j + 2 * units]);
    gates[j + 2 * units] = n;
    newH[j] = n + gates[j + units] * (h[j] - n);
  }
}

CLONES void NAME(gru_update_back)(
    ptrdiff_t count, ptrdiff_t units, const REAL *gates, const REAL *h, const REAL *output,
    REAL *hAdjoint, REAL *sums) {
  EACH {
    REAL z = gates[j + units], n = gates[j + 2 * units];
    REAL adjoint = hAdjoint[j] + (output ? output[j] : 0);
    sums[j + units] = adjoint * (h[j] - n) * (z * (1 - z));
    sums[j + 2 * units] = adjoint * (1 - z) * (1 - n * n);
    hAdjoint[j] = adjoint * z;
  }
}

CLONES void NAME(gru_reset_back)(
    ptrdiff_t count, ptrdiff_t units, const REAL *gates, const REAL *h, REAL *hAdjoint,
    REAL *sums) {
  EACH {
    REAL r = gates[j], product = sums[j + 3 * units];
    sums[j] = product * h[j] * (r * (1 - r));
    hAdjoint[j] += product * r;
  }
}

#undef INLINE
#undef EACH
