#undef REAL
#undef UNSIGNED
#undef NAME
#undef MANTISSA
#undef BIAS
