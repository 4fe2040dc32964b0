#include "dense_rows.h"

#include "elementary.h"

typedef struct {
  uint32_t words[4];
} PhiloxBlock;

INLINE PhiloxBlock philox(uint64_t index, uint32_t stream, uint32_t substream, uint64_t seed) {
  uint32_t x0 = (uint32_t)index, x1 = (uint32_t)(index >> 32), x2 = stream, x3 = substream;
  uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
#pragma clang loop unroll(full)
  for (int round = 0; round < 10; round++) {
    uint64_t first = (uint64_t)0xD2511F53 * x0, second = (uint64_t)0xCD9E8D57 * x2;
    x0 = (uint32_t)(second >> 32) ^ x1 ^ k0;
    x1 = (uint32_t)second;
    x2 = (uint32_t)(first >> 32) ^ x3 ^ k1;
    x3 = (uint32_t)first;
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  return (PhiloxBlock){{x0, x1, x2, x3}};
}

CLONES void dropout_mask(
    ptrdiff_t count, uint64_t first, uint32_t stream, uint32_t substream, uint64_t seed,
    uint32_t threshold, uint8_t *mask) {
  EACH(j, count / 4) {
    PhiloxBlock block = philox(first + (uint64_t)j, stream, substream, seed);
    mask[4 * j] = block.words[0] >= threshold;
    mask[4 * j + 1] = block.words[1] >= threshold;
    mask[4 * j + 2] = block.words[2] >= threshold;
    mask[4 * j + 3] = block.words[3] >= threshold;
  }
  ptrdiff_t whole = count / 4 * 4;
  if (whole == count) return;
  PhiloxBlock block = philox(first + (uint64_t)(count / 4), stream, substream, seed);
  for (ptrdiff_t i = whole; i < count; i++) mask[i] = block.words[i - whole] >= threshold;
}

// One source for both precisions.
#include "precision_double.h"
// -
#include "dense_rows_kernels.h"
// -
#include "precision_float.h"
// -
#include "dense_rows_kernels.h"
