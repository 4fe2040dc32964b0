// The singular value decompositions of small matrices, a few side by side, kept in cache from the
// first step to the last. LAPACK's routines are made for large matrices: at 32×32 most of their time goes into calls,
// checks and copies.
//
// Householder bidiagonalisation (Golub & Kahan 1965), then implicit QR steps (Golub & Reinsch 1970)
// whose rotations are written down instead of applied. Vectors are formed afterwards, and only as
// many as are wanted: the rotations and reflections run backwards over that many columns.
//
// A decomposition lives in a workspace that the caller provides and may use again and again. Every
// function comes for double (`_d`) and float (`_f`), compiled for several instruction sets of which
// the first call picks one. None allocates; none touches memory but what it is given.
#ifndef SMALL_SVD_H
#define SMALL_SVD_H

#include <stddef.h>

// How many matrices are decomposed side by side at most: the steps of one wait for square roots and
// divisions, in which those of the others fit.
int small_svd_group_d(void);
int small_svd_group_f(void);

// The bytes of a workspace for a group of m×n matrices, to be aligned to 64.
size_t small_svd_workspace_d(ptrdiff_t m, ptrdiff_t n);
size_t small_svd_workspace_f(ptrdiff_t m, ptrdiff_t n);

// Decomposes `count` row-major m×n matrices, whose rows lie `stride` elements apart and whose
// entries are finite. Writes the min(m, n) singular values of each to `s`, descending.
// Returns a bit for each matrix whose QR steps do not converge; nothing more may be asked of it.
int small_svd_decompose_d(
    const double *const *matrices, int count, ptrdiff_t stride, ptrdiff_t m, ptrdiff_t n,
    double *s, void *workspace);
int small_svd_decompose_f(
    const float *const *matrices, int count, ptrdiff_t stride, ptrdiff_t m, ptrdiff_t n, float *s,
    void *workspace);

// The leading `count` singular vectors of matrix `index` of the group: `u` is row-major m×count,
// `vt` row-major count×n. In each column of `u` the largest entry (the first of equals) is
// positive.
void small_svd_vectors_d(void *workspace, ptrdiff_t index, ptrdiff_t count, double *u, double *vt);
void small_svd_vectors_f(void *workspace, ptrdiff_t index, ptrdiff_t count, float *u, float *vt);

// Adds Σ weights[i]·u_i·v_iᵀ over the leading `count` triples of matrix `index` of the group to the
// row-major m×n matrix `target`, whose rows lie `stride` elements apart.
void small_svd_add_d(
    void *workspace, ptrdiff_t index, ptrdiff_t count, const double *weights, double *target,
    ptrdiff_t stride);
void small_svd_add_f(
    void *workspace, ptrdiff_t index, ptrdiff_t count, const float *weights, float *target,
    ptrdiff_t stride);

#endif
