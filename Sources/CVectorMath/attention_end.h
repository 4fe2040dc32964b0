// Included by attention_precisions.h behind the kernels of one precision.
#undef NAME
#undef REAL
#undef INTEGER
#undef ROUNDER
#undef MANTISSA
#undef SMALLEST_EXPONENT
#undef POWERS
#undef LOG2
#undef INLINE
#undef LANES
#undef PANEL
#undef VECTOR
#undef MASK
#undef AT
#undef LOAD
#undef SELECT
#undef LARGER
