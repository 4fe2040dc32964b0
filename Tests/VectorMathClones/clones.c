#include "VectorMathClones.h"

#include "CVectorMath.h"

#if defined(__x86_64__)

// The variants carry the name of their instruction set behind the function's.
#define DECLARE(suffix, symbol) \
  int decompose_d_##suffix( \
      const double *const *, int, ptrdiff_t, ptrdiff_t, ptrdiff_t, double *, void *) \
      __asm__("small_svd_decompose_d." symbol); \
  int decompose_f_##suffix( \
      const float *const *, int, ptrdiff_t, ptrdiff_t, ptrdiff_t, float *, void *) \
      __asm__("small_svd_decompose_f." symbol); \
  void vectors_d_##suffix(void *, ptrdiff_t, ptrdiff_t, double *, double *) \
      __asm__("small_svd_vectors_d." symbol); \
  void vectors_f_##suffix(void *, ptrdiff_t, ptrdiff_t, float *, float *) \
      __asm__("small_svd_vectors_f." symbol); \
  void add_d_##suffix(void *, ptrdiff_t, ptrdiff_t, const double *, double *, ptrdiff_t) \
      __asm__("small_svd_add_d." symbol); \
  void add_f_##suffix(void *, ptrdiff_t, ptrdiff_t, const float *, float *, ptrdiff_t) \
      __asm__("small_svd_add_f." symbol);

DECLARE(v4, "arch_x86-64-v4.0")
DECLARE(v3, "arch_x86-64-v3.1")
DECLARE(baseline, "default.2")

#define CLONE(name, supported, suffix) \
  { \
    name, supported, decompose_d_##suffix, decompose_f_##suffix, vectors_d_##suffix, \
        vectors_f_##suffix, add_d_##suffix, add_f_##suffix \
  }

int small_svd_clone_count(void) { return 3; }

SmallSVDClone small_svd_clone(int index) {
  SmallSVDClone clones[] = {
      CLONE("x86-64-v4", __builtin_cpu_supports("x86-64-v4"), v4),
      CLONE("x86-64-v3", __builtin_cpu_supports("x86-64-v3"), v3),
      CLONE("baseline", true, baseline),
  };
  return clones[index];
}

#else

int small_svd_clone_count(void) { return 1; }

SmallSVDClone small_svd_clone(int index) {
  (void)index;
  return (SmallSVDClone){
      "plain", true, small_svd_decompose_d, small_svd_decompose_f, small_svd_vectors_d,
      small_svd_vectors_f, small_svd_add_d, small_svd_add_f};
}

#endif
