// The compiled variants of CVectorMath's kernels, one by one: a program calls the one that suits its
// processor, tests call them all.
#ifndef VECTORMATHCLONES_H
#define VECTORMATHCLONES_H

#include <stdbool.h>
#include <stddef.h>

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

#endif
