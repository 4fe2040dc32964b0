// The elementwise half of a recurrent step: from sums to gates and states, and back.
//
// A step has four blocks of `units` numbers each, of which these functions take `count` from the given
// places. Every function comes for double (`_d`) and float (`_f`), compiled for several instruction
// sets of which the first call picks one. In contrast to `vector_gates.h` a call may take a part of the
// units, which is how threads share one row, and tanh c' is computed again on the way back, not kept.
#ifndef RECURRENT_GATES_H
#define RECURRENT_GATES_H

#include <stddef.h>

#define RECURRENT_GATES(REAL, NAME) \
  /* Sums of i, f, g, o become the gates; c' = f·c + i·g, h' = o·tanh c'. c' may be c. */ \
  void NAME(lstm_step)( \
      ptrdiff_t count, ptrdiff_t units, REAL *gates, const REAL *c, REAL *newC, REAL *newH); \
  /* Adjoints of the sums from those of h' (the output's, if any, and h's) and of c', which becomes \
     that of c. */ \
  void NAME(lstm_step_back)( \
      ptrdiff_t count, ptrdiff_t units, const REAL *gates, const REAL *c, const REAL *newC, \
      const REAL *output, const REAL *h, REAL *cAdjoint, REAL *sums); \
  /* Sums of r, z, n and of n's recurrent part q become r, z, n = tanh(n + r·q) and q; \
     h' = (1 − z)·n + z·h. */ \
  void NAME(gru_step)( \
      ptrdiff_t count, ptrdiff_t units, REAL *gates, const REAL *h, REAL *newH); \
  /* Adjoints of the four sums; that of h' becomes the part of h's that needs no product. */ \
  void NAME(gru_step_back)( \
      ptrdiff_t count, ptrdiff_t units, const REAL *gates, const REAL *h, const REAL *output, \
      REAL *hAdjoint, REAL *sums); \
  /* The reset gate before the product: r, z and r·h (block 3), then n and h'. */ \
  void NAME(gru_reset)(ptrdiff_t count, ptrdiff_t units, REAL *gates, const REAL *h); \
  void NAME(gru_update)( \
      ptrdiff_t count, ptrdiff_t units, REAL *gates, const REAL *h, REAL *newH); \
  /* Back: z and n; then, from the adjoint of r·h in block 3 of the sums, r. */ \
  void NAME(gru_update_back)( \
      ptrdiff_t count, ptrdiff_t units, const REAL *gates, const REAL *h, const REAL *output, \
      REAL *hAdjoint, REAL *sums); \
  void NAME(gru_reset_back)( \
      ptrdiff_t count, ptrdiff_t units, const REAL *gates, const REAL *h, REAL *hAdjoint, \
      REAL *sums);

#define RECURRENT_NAME_D(function) function##_d
#define RECURRENT_NAME_F(function) function##_f
RECURRENT_GATES(double, RECURRENT_NAME_D)
RECURRENT_GATES(float, RECURRENT_NAME_F)

#endif
