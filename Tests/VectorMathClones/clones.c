#include "VectorMathClones.h"

#include "CVectorMath.h"

#define ONE(name) +1
#define VECTOR_FUNCTIONS_COUNT (0 VECTOR_FUNCTIONS(ONE))

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

#define DECLARE_ROUTINE(name, suffix, symbol) \
  __typeof__(name##_d) name##_d_##suffix __asm__(#name "_d." symbol); \
  __typeof__(name##_f) name##_f_##suffix __asm__(#name "_f." symbol);
#define DECLARE_FUNCTION(name, suffix, symbol) DECLARE_ROUTINE(vector_##name, suffix, symbol)

#define V4(name) DECLARE_ROUTINE(name, v4, "arch_x86-64-v4.0")
#define V3(name) DECLARE_ROUTINE(name, v3, "arch_x86-64-v3.1")
#define BASELINE(name) DECLARE_ROUTINE(name, baseline, "default.2")
VECTOR_ROUTINES(V4)
VECTOR_ROUTINES(V3)
VECTOR_ROUTINES(BASELINE)
#undef V4
#undef V3
#undef BASELINE
#define V4(name) DECLARE_FUNCTION(name, v4, "arch_x86-64-v4.0")
#define V3(name) DECLARE_FUNCTION(name, v3, "arch_x86-64-v3.1")
#define BASELINE(name) DECLARE_FUNCTION(name, baseline, "default.2")
VECTOR_FUNCTIONS(V4)
VECTOR_FUNCTIONS(V3)
VECTOR_FUNCTIONS(BASELINE)
#undef V4
#undef V3
#undef BASELINE

#define V4(name) name##_d_v4, name##_f_v4,
#define V3(name) name##_d_v3, name##_f_v3,
#define BASELINE(name) name##_d_baseline, name##_f_baseline,

VectorRoutinesClone vector_routines_clone(int index) {
  VectorRoutinesClone clones[] = {
      {"x86-64-v4", __builtin_cpu_supports("x86-64-v4"), VECTOR_ROUTINES(V4)},
      {"x86-64-v3", __builtin_cpu_supports("x86-64-v3"), VECTOR_ROUTINES(V3)},
      {"baseline", true, VECTOR_ROUTINES(BASELINE)},
  };
  return clones[index];
}

#undef V4
#undef V3
#undef BASELINE
#define V4(name) {#name, vector_##name##_d_v4, vector_##name##_f_v4},
#define V3(name) {#name, vector_##name##_d_v3, vector_##name##_f_v3},
#define BASELINE(name) {#name, vector_##name##_d_baseline, vector_##name##_f_baseline},

VectorFunctionClone vector_function_clone(int clone, int index) {
  VectorFunctionClone clones[3][VECTOR_FUNCTIONS_COUNT] = {
      {VECTOR_FUNCTIONS(V4)}, {VECTOR_FUNCTIONS(V3)}, {VECTOR_FUNCTIONS(BASELINE)}};
  return clones[clone][index];
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

#define PLAIN(name) name##_d, name##_f,

VectorRoutinesClone vector_routines_clone(int index) {
  (void)index;
  return (VectorRoutinesClone){"plain", true, VECTOR_ROUTINES(PLAIN)};
}

#undef PLAIN
#define PLAIN(name) {#name, vector_##name##_d, vector_##name##_f},

VectorFunctionClone vector_function_clone(int clone, int index) {
  (void)clone;
  VectorFunctionClone clones[] = {VECTOR_FUNCTIONS(PLAIN)};
  return clones[index];
}

#endif

int vector_function_count(void) { return VECTOR_FUNCTIONS_COUNT; }
