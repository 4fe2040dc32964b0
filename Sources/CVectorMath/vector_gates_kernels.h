// Included by vector_gates.c once per precision.

CLONES void NAME(lstm_gates)(
    ptrdiff_t count, const REAL *sums, const REAL *previous, REAL *gates, REAL *c, REAL *tanh_c,
    REAL *h) {
  EACH(k, count) {
    REAL i = NAME(sigmoid_of)(sums[k]);
    REAL f = NAME(sigmoid_of)(sums[count + k]);
    REAL g = NAME(tanh_of)(sums[2 * count + k]);
    REAL o = NAME(sigmoid_of)(sums[3 * count + k]);
    REAL cell = f * previous[k] + i * g;
    REAL bounded = NAME(tanh_of)(cell);
    gates[k] = i;
    gates[count + k] = f;
    gates[2 * count + k] = g;
    gates[3 * count + k] = o;
    c[k] = cell;
    tanh_c[k] = bounded;
    h[k] = o * bounded;
  }
}

CLONES void NAME(lstm_gates_backward)(
    ptrdiff_t count, const REAL *gates, const REAL *previous, const REAL *tanh_c,
    const REAL *h_gradient, REAL *c_gradient, REAL *sums_gradient) {
  EACH(k, count) {
    REAL i = gates[k], f = gates[count + k], g = gates[2 * count + k], o = gates[3 * count + k];
    REAL bounded = tanh_c[k], before = previous[k], hidden = h_gradient[k];
    REAL cell = c_gradient[k] + hidden * o * (1 - bounded * bounded);
    sums_gradient[k] = cell * g * i * (1 - i);
    sums_gradient[count + k] = cell * before * f * (1 - f);
    sums_gradient[2 * count + k] = cell * i * (1 - g * g);
    sums_gradient[3 * count + k] = hidden * bounded * o * (1 - o);
    c_gradient[k] = cell * f;
  }
}

CLONES void NAME(gru_gates)(
    ptrdiff_t count, const REAL *input, const REAL *hidden, const REAL *previous, REAL *gates,
    REAL *next) {
  EACH(k, count) {
    REAL r = NAME(sigmoid_of)(input[k] + hidden[k]);
    REAL z = NAME(sigmoid_of)(input[count + k] + hidden[count + k]);
    REAL n = NAME(tanh_of)(input[2 * count + k] + r * hidden[2 * count + k]);
    REAL before = previous[k];
    gates[k] = r;
    gates[count + k] = z;
    gates[2 * count + k] = n;
    next[k] = (1 - z) * n + z * before;
  }
}

CLONES void NAME(gru_gates_backward)(
    ptrdiff_t count, const REAL *gates, const REAL *hidden, const REAL *previous,
    const REAL *gradient, REAL *input_gradient, REAL *hidden_gradient, REAL *previous_gradient) {
  EACH(k, count) {
    REAL r = gates[k], z = gates[count + k], n = gates[2 * count + k], g = gradient[k];
    REAL forN = g * (1 - z) * (1 - n * n);
    REAL forZ = g * (previous[k] - n) * z * (1 - z);
    REAL forR = forN * hidden[2 * count + k] * r * (1 - r);
    input_gradient[k] = forR;
    input_gradient[count + k] = forZ;
    input_gradient[2 * count + k] = forN;
    hidden_gradient[k] = forR;
    hidden_gradient[count + k] = forZ;
    hidden_gradient[2 * count + k] = forN * r;
    previous_gradient[k] = g * z;
  }
}
