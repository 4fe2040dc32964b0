#include "AttentionClones.h"

#define ATTENTION(set) \
  void attention_forward_d_##set( \
      const AttentionHead *, ptrdiff_t, ptrdiff_t, const double *, const double *, \
      const double *, const double *, double *, double *, double *); \
  void attention_backward_d_##set( \
      const AttentionHead *, ptrdiff_t, ptrdiff_t, const double *, const double *, \
      const double *, const double *, const double *, const double *, const double *, double *, \
      double *, double *, double *); \
  void attention_decode_d_##set( \
      const AttentionHead *, ptrdiff_t, ptrdiff_t, ptrdiff_t, const double *, const double *, \
      const double *, const double *, ptrdiff_t, double *, double *, double *, double *);

ATTENTION(baseline)

#if defined(__x86_64__)

ATTENTION(v4)
ATTENTION(v3)

int attention_clone_count(void) { return 3; }

AttentionClone attention_clone(int index) {
  AttentionClone clones[] = {
      {"x86-64-v4", __builtin_cpu_supports("x86-64-v4"), attention_forward_d_v4,
       attention_backward_d_v4, attention_decode_d_v4},
      {"x86-64-v3", __builtin_cpu_supports("x86-64-v3"), attention_forward_d_v3,
       attention_backward_d_v3, attention_decode_d_v3},
      {"baseline", true, attention_forward_d_baseline, attention_backward_d_baseline, attention_decode_d_baseline},
  };
  return clones[index];
}

#else

int attention_clone_count(void) { return 1; }

AttentionClone attention_clone(int index) {
  (void)index;
  return (AttentionClone){
      "baseline", true, attention_forward_d_baseline, attention_backward_d_baseline, attention_decode_d_baseline};
}

#endif
