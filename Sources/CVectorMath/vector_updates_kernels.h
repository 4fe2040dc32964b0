// Included by vector_updates.c once per precision.

CLONES void NAME(sgd_update)(
    ptrdiff_t count, REAL rate, REAL momentum, REAL decay, const REAL *gradient, REAL *velocity,
    REAL *w) {
  EACH(i, count) {
    velocity[i] = momentum * velocity[i] + (gradient[i] + decay * w[i]);
    w[i] -= rate * velocity[i];
  }
}

CLONES void NAME(adam_update)(
    ptrdiff_t count, REAL rate, REAL beta1, REAL beta2, REAL epsilon, REAL decay, REAL shrink,
    REAL mean_factor, REAL square_factor, const REAL *gradient, REAL *m, REAL *v, REAL *w) {
  EACH(i, count) {
    REAL g = gradient[i] + decay * w[i];
    REAL mean = beta1 * m[i] + (1 - beta1) * g;
    REAL square = beta2 * v[i] + (1 - beta2) * (g * g);
    m[i] = mean;
    v[i] = square;
    REAL size = __builtin_elementwise_sqrt(square * square_factor) + epsilon;
    w[i] = shrink * w[i] - rate * (mean * mean_factor) / size;
  }
}
