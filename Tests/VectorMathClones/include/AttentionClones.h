#ifndef ATTENTIONCLONES_H
#define ATTENTIONCLONES_H

#include <stdbool.h>
#include <stddef.h>

#include "CVectorMath.h"

typedef struct {
  const char *name;
  bool isSupported;
  void (*forward)(
      const AttentionHead *, ptrdiff_t, ptrdiff_t, const double *, const double *, const double *,
      const double *, double *, double *, double *);
  void (*backward)(
      const AttentionHead *, ptrdiff_t, ptrdiff_t, const double *, const double *, const double *,
      const double *, const double *, const double *, const double *, double *, double *,
      double *, double *);
  void (*decode)(
      const AttentionHead *, ptrdiff_t, ptrdiff_t, ptrdiff_t, const double *, const double *,
      const double *, const double *, ptrdiff_t, double *, double *, double *, double *);
} AttentionClone;

// How many variants there are; 1 where the compiler makes none.
int attention_clone_count(void);
AttentionClone attention_clone(int index);

#endif
