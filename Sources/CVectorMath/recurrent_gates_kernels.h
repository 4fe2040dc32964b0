// Included by recurrent_gates.c once per precision.

CLONES void NAME(lstm_step)(
    ptrdiff_t count, ptrdiff_t units, REAL *gates, const REAL *c, REAL *newC, REAL *newH) {
  EACH(j, count) {
    REAL i = NAME(sigmoid_of)(gates[j]), f = NAME(sigmoid_of)(gates[j + units]);
    REAL g = NAME(tanh_of)(gates[j + 2 * units]), o = NAME(sigmoid_of)(gates[j + 3 * units]);
    gates[j] = i;
    gates[j + units] = f;
    gates[j + 2 * units] = g;
    gates[j + 3 * units] = o;
    REAL state = f * c[j] + i * g;
    newC[j] = state;
    newH[j] = o * NAME(tanh_of)(state);
  }
}

// ō = h̄·t with t = tanh c'; c̄' += h̄·o·(1 − t²); ī = c̄'·g, f̄ = c̄'·c, ḡ = c̄'·i; c̄ = c̄'·f.
CLONES void NAME(lstm_step_back)(
    ptrdiff_t count, ptrdiff_t units, const REAL *gates, const REAL *c, const REAL *newC,
    const REAL *output, const REAL *h, REAL *cAdjoint, REAL *sums) {
  EACH(j, count) {
    REAL i = gates[j], f = gates[j + units], g = gates[j + 2 * units], o = gates[j + 3 * units];
    REAL t = NAME(tanh_of)(newC[j]), adjoint = h[j] + (output ? output[j] : 0);
    REAL state = cAdjoint[j] + adjoint * o * (1 - t * t);
    sums[j] = state * g * (i * (1 - i));
    sums[j + units] = state * c[j] * (f * (1 - f));
    sums[j + 2 * units] = state * i * (1 - g * g);
    sums[j + 3 * units] = adjoint * t * (o * (1 - o));
    cAdjoint[j] = state * f;
  }
}

CLONES void NAME(gru_step)(
    ptrdiff_t count, ptrdiff_t units, REAL *gates, const REAL *h, REAL *newH) {
  EACH(j, count) {
    REAL r = NAME(sigmoid_of)(gates[j]), z = NAME(sigmoid_of)(gates[j + units]);
    REAL n = NAME(tanh_of)(gates[j + 2 * units] + r * gates[j + 3 * units]);
    gates[j] = r;
    gates[j + units] = z;
    gates[j + 2 * units] = n;
    newH[j] = n + z * (h[j] - n);
  }
}

// z̄ = h̄'·(h − n), n̄ = h̄'·(1 − z), h̄ = h̄'·z; with the sum s of n: s̄ = n̄·(1 − n²), r̄ = s̄·q, q̄ = s̄·r.
CLONES void NAME(gru_step_back)(
    ptrdiff_t count, ptrdiff_t units, const REAL *gates, const REAL *h, const REAL *output,
    REAL *hAdjoint, REAL *sums) {
  EACH(j, count) {
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
  EACH(j, count) {
    REAL r = NAME(sigmoid_of)(gates[j]);
    gates[j] = r;
    gates[j + units] = NAME(sigmoid_of)(gates[j + units]);
    gates[j + 3 * units] = r * h[j];
  }
}

CLONES void NAME(gru_update)(
    ptrdiff_t count, ptrdiff_t units, REAL *gates, const REAL *h, REAL *newH) {
  EACH(j, count) {
    REAL n = NAME(tanh_of)(gates[j + 2 * units]);
    gates[j + 2 * units] = n;
    newH[j] = n + gates[j + units] * (h[j] - n);
  }
}

CLONES void NAME(gru_update_back)(
    ptrdiff_t count, ptrdiff_t units, const REAL *gates, const REAL *h, const REAL *output,
    REAL *hAdjoint, REAL *sums) {
  EACH(j, count) {
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
  EACH(j, count) {
    REAL r = gates[j], product = sums[j + 3 * units];
    sums[j] = product * h[j] * (r * (1 - r));
    hAdjoint[j] += product * r;
  }
}
