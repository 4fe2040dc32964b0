// Included by dense_rows.c once per precision.

CLONES void NAME(bias_relu)(ptrdiff_t count, const REAL *bias, REAL *z) {
  if (!bias) {
    EACH(i, count) z[i] = z[i] < 0 ? 0 : z[i];
    return;
  }
  EACH(i, count) {
    REAL sum = z[i] + bias[i];
    z[i] = sum < 0 ? 0 : sum;
  }
}

CLONES void NAME(relu_slope)(ptrdiff_t count, const REAL *h, REAL *g) {
  EACH(i, count) g[i] = h[i] > 0 ? g[i] : 0;
}

CLONES void NAME(tanh_slope)(ptrdiff_t count, REAL keep, const REAL *h, REAL *g) {
  EACH(i, count) {
    REAL y = keep * h[i];
    g[i] *= 1 - y * y;
  }
}

CLONES void NAME(sigmoid_slope)(ptrdiff_t count, REAL keep, const REAL *h, REAL *g) {
  EACH(i, count) {
    REAL y = keep * h[i];
    g[i] *= y * (1 - y);
  }
}

CLONES void NAME(mask_row)(ptrdiff_t count, const uint8_t *mask, REAL factor, REAL *z) {
  EACH(i, count) z[i] = mask[i] ? factor * z[i] : 0;
}
