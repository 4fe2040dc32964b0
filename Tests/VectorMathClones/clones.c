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

#define PRODUCT(set) \
  void strided_product_d_##set( \
      const StridedProduct *, ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t, const double *, \
      const double *, double *, double *); \
  void strided_product_f_##set( \
      const StridedProduct *, ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t, const float *, \
      const float *, float *, float *);

PRODUCT(v4)
PRODUCT(v3)
PRODUCT(baseline)

int strided_product_clone_count(void) { return 3; }

StridedProductClone strided_product_clone(int index) {
  StridedProductClone clones[] = {
      {"x86-64-v4", __builtin_cpu_supports("x86-64-v4"), strided_product_d_v4,
       strided_product_f_v4},
      {"x86-64-v3", __builtin_cpu_supports("x86-64-v3"), strided_product_d_v3,
       strided_product_f_v3},
      {"baseline", true, strided_product_d_baseline, strided_product_f_baseline},
  };
  return clones[index];
}

#define LOOPS(suffix, symbol) \
  float sum_##suffix(ptrdiff_t, const float *) __asm__("vector_sum_f." symbol); \
  float dot_##suffix(ptrdiff_t, const float *, const float *) __asm__("vector_dot_f." symbol); \
  void add_##suffix(ptrdiff_t, const float *, float *) __asm__("vector_add_f." symbol); \
  void add_scaled_##suffix(ptrdiff_t, float, const float *, float *) \
      __asm__("vector_add_scaled_f." symbol); \
  void add_product_##suffix(ptrdiff_t, const float *, const float *, float *) \
      __asm__("vector_add_product_f." symbol); \
  void scale_##suffix(ptrdiff_t, float, const float *, float *, int) \
      __asm__("vector_scale_f." symbol); \
  void multiply_##suffix(ptrdiff_t, const float *, const float *, float *, int) \
      __asm__("vector_multiply_f." symbol);

LOOPS(v4, "arch_x86-64-v4.0")
LOOPS(v3, "arch_x86-64-v3.1")
LOOPS(baseline, "default.2")

int vector_loops_clone_count(void) { return 3; }

#define LOOPS_CLONE(name, supported, suffix) \
  { \
    name, supported, sum_##suffix, dot_##suffix, add_##suffix, add_scaled_##suffix, \
        add_product_##suffix, scale_##suffix, multiply_##suffix \
  }

VectorLoopsClone vector_loops_clone(int index) {
  VectorLoopsClone clones[] = {
      LOOPS_CLONE("x86-64-v4", __builtin_cpu_supports("x86-64-v4"), v4),
      LOOPS_CLONE("x86-64-v3", __builtin_cpu_supports("x86-64-v3"), v3),
      LOOPS_CLONE("baseline", true, baseline),
  };
  return clones[index];
}

#else

int strided_product_clone_count(void) { return 1; }

StridedProductClone strided_product_clone(int index) {
  (void)index;
  return (StridedProductClone){"plain", true, strided_product_d, strided_product_f};
}

int vector_loops_clone_count(void) { return 1; }

VectorLoopsClone vector_loops_clone(int index) {
  (void)index;
  return (VectorLoopsClone){
      "plain", true, vector_sum_f, vector_dot_f, vector_add_f, vector_add_scaled_f,
      vector_add_product_f, vector_scale_f, vector_multiply_f};
}

int small_svd_clone_count(void) { return 1; }

SmallSVDClone small_svd_clone(int index) {
  (void)index;
  return (SmallSVDClone){
      "plain", true, small_svd_decompose_d, small_svd_decompose_f, small_svd_vectors_d,
      small_svd_vectors_f, small_svd_add_d, small_svd_add_f};
}

#endif
