// The compiled variants of CVectorMath's kernels, one by one: a program calls the one that suits its
// processor, tests call them all.
#ifndef VECTORMATHCLONES_H
#define VECTORMATHCLONES_H

#include <stdbool.h>
#include <stddef.h>

#include "AttentionClones.h"
#include "CVectorMath.h"

typedef struct {
  const char *name;
  // Whether this processor can run it.
  bool isSupported;
  int (*decompose_d)(
      const double *const *, int, ptrdiff_t, ptrdiff_t, ptrdiff_t, double *, void *);
  int (*decompose_f)(
      const float *const *, int, ptrdiff_t, ptrdiff_t, ptrdiff_t, float *, void *);
  void (*vectors_d)(void *, ptrdiff_t, ptrdiff_t, double *, double *);
  void (*vectors_f)(void *, ptrdiff_t, ptrdiff_t, float *, float *);
  void (*add_d)(void *, ptrdiff_t, ptrdiff_t, const double *, double *, ptrdiff_t);
  void (*add_f)(void *, ptrdiff_t, ptrdiff_t, const float *, float *, ptrdiff_t);
} SmallSVDClone;

// How many variants there are; 1 where the compiler makes none.
int small_svd_clone_count(void);
SmallSVDClone small_svd_clone(int index);

typedef struct {
  const char *name;
  bool isSupported;
  void (*product_d)(
      const StridedProduct *, ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t, const double *,
      const double *, double *, double *);
  void (*product_f)(
      const StridedProduct *, ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t, const float *,
      const float *, float *, float *);
} StridedProductClone;

int strided_product_clone_count(void);
StridedProductClone strided_product_clone(int index);

typedef struct {
  const char *name;
  bool isSupported;
  float (*sum)(ptrdiff_t, const float *);
  float (*dot)(ptrdiff_t, const float *, const float *);
  void (*add)(ptrdiff_t, const float *, float *);
  void (*add_scaled)(ptrdiff_t, float, const float *, float *);
  void (*add_product)(ptrdiff_t, const float *, const float *, float *);
  void (*scale)(ptrdiff_t, float, const float *, float *, int);
  void (*multiply)(ptrdiff_t, const float *, const float *, float *, int);
} VectorLoopsClone;

int vector_loops_clone_count(void);
VectorLoopsClone vector_loops_clone(int index);

// A function of vector_math.h in one variant.
typedef struct {
  const char *name;
  void (*function_d)(ptrdiff_t, const double *, double *);
  void (*function_f)(ptrdiff_t, const float *, float *);
} VectorFunctionClone;

// The routines for rows and optimisers.
#define VECTOR_ROUTINES(each) \
  each(vector_maximum) each(vector_exp_sum) each(softmax_row) each(log_softmax_row) \
  each(softmax_backward_row) each(layer_norm_row) each(layer_norm_backward_row) each(sgd_update) \
  each(adam_update) each(vector_arithmetic)

#define VECTOR_ROUTINE_FIELDS(name) \
  __typeof__(name##_d) *name##_d; \
  __typeof__(name##_f) *name##_f;

typedef struct {
  const char *name;
  bool isSupported;
  VECTOR_ROUTINES(VECTOR_ROUTINE_FIELDS)
} VectorRoutinesClone;

// As many variants as there are of vector_loops.h.
VectorRoutinesClone vector_routines_clone(int index);
int vector_function_count(void);
VectorFunctionClone vector_function_clone(int clone, int index);

#endif
