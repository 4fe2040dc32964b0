// Included by attention_precisions.h: few queries against many keys, as when a sequence is decoded
// token by token.
//
// Memory sets the pace: keys and values are read once, from front to back, for all queries that share
// them. Here the channels lie side by side, as they do in memory.

// The sum of a vector's elements.
INLINE REAL NAME(total)(VECTOR x) {
  REAL parts[BYTES / sizeof(REAL)];
  AT(parts) = x;
#pragma clang loop unroll(full)
  for (ptrdiff_t half = LANES / 2; half > 0; half /= 2) {
#pragma clang loop unroll(full)
    for (ptrdiff_t i = 0; i < half; i++) parts[i] += parts[i + half];
  }
  return parts[0];
}

// Dot products of a query with some keys, at most 4.
INLINE void NAME(dots)(
    const int keys, ptrdiff_t width, const REAL *query, const REAL *k, REAL *scores) {
  VECTOR sums[4] = {{0}, {0}, {0}, {0}};
  ptrdiff_t c = 0;
  for (; c + LANES <= width; c += LANES) {
    VECTOR x = LOAD(query + c);
#pragma clang loop unroll(full)
    for (int j = 0; j < keys; j++) sums[j] += x * LOAD(k + j * width + c);
  }
#pragma clang loop unroll(full)
  for (int j = 0; j < keys; j++) {
    REAL sum = NAME(total)(sums[j]);
    for (ptrdiff_t rest = c; rest < width; rest++) sum += query[rest] * k[j * width + rest];
    scores[j] = sum;
  }
}

// Scores of a block of keys, in powers of two, become 2^(s − m); the maximum and the sum so far are
// brought up to date. Behind the scores there is room for a vector.
// Returns 2^(old m − new m), what sums so far are multiplied by.
INLINE REAL NAME(softenRow)(ptrdiff_t count, REAL *scores, REAL *maximum, REAL *sum) {
  REAL old = *maximum, largest = old;
  for (ptrdiff_t j = 0; j < count; j++) largest = scores[j] < largest ? largest : scores[j];
  *maximum = largest;
  REAL origin = largest == -(REAL)INFINITY ? 0 : largest;
  VECTOR factor = NAME(power)((VECTOR){0} + (old - origin));
  for (ptrdiff_t j = 0; j < LANES; j++) scores[count + j] = -(REAL)INFINITY;
  VECTOR added = {0};
  for (ptrdiff_t j = 0; j < count; j += LANES) {
    VECTOR p = NAME(power)(AT(scores + j) - origin);
    added += p;
    AT(scores + j) = p;
  }
  *sum = *sum * factor[0] + NAME(total)(added);
  return factor[0];
}

// `vectors` vectors of channels: target·factor + Σ weights[j]·V[j].
INLINE void NAME(weighted)(
    const int vectors, ptrdiff_t count, const REAL *weights, const REAL *v, ptrdiff_t valueWidth,
    REAL *target, REAL factor) {
  VECTOR sums[8];
#pragma clang loop unroll(full)
  for (int i = 0; i < vectors; i++) sums[i] = LOAD(target + i * LANES) * factor;
  for (ptrdiff_t j = 0; j < count; j++) {
    REAL weight = weights[j];
#pragma clang loop unroll(full)
    for (int i = 0; i < vectors; i++) sums[i] += weight * LOAD(v + j * valueWidth + i * LANES);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < vectors; i++) AT(target + i * LANES) = sums[i];
}

// All channels.
INLINE void NAME(addValues)(
    ptrdiff_t count, const REAL *weights, const REAL *v, ptrdiff_t valueWidth, REAL *target,
    REAL factor) {
  ptrdiff_t c = 0;
  for (; c + 8 * LANES <= valueWidth; c += 8 * LANES) {
    NAME(weighted)(8, count, weights, v + c, valueWidth, target + c, factor);
  }
  for (; c + LANES <= valueWidth; c += LANES) {
    NAME(weighted)(1, count, weights, v + c, valueWidth, target + c, factor);
  }
  for (; c < valueWidth; c++) {
    REAL sum = target[c] * factor;
    for (ptrdiff_t j = 0; j < count; j++) sum += weights[j] * v[j * valueWidth + c];
    target[c] = sum;
  }
}

TARGET void NAME(attention_decode)(
    const AttentionHead *head, ptrdiff_t rows, ptrdiff_t firstKey, ptrdiff_t lastKey,
    const REAL *q, const REAL *k, const REAL *v, const REAL *mask, ptrdiff_t maskHead, REAL *results,
    REAL *maxima, REAL *sums, REAL *workspace) {
  ptrdiff_t width = head->width, valueWidth = head->valueWidth;
  REAL *queries = workspace, *scores = workspace + rows * width;
  for (ptrdiff_t i = 0; i < rows * width; i++) queries[i] = q[i] * (REAL)(head->scale * M_LOG2E);
  for (ptrdiff_t i = 0; i < rows * valueWidth; i++) results[i] = 0;
  for (ptrdiff_t row = 0; row < rows; row++) {
    maxima[row] = -(REAL)INFINITY;
    sums[row] = 0;
  }
  for (ptrdiff_t key = firstKey; key < lastKey; key += DECODE_BLOCK) {
    ptrdiff_t count = lesser(DECODE_BLOCK, lastKey - key), j = 0;
    const REAL *block = k + key * width;
    for (; j + 4 <= count; j += 4) {
      for (ptrdiff_t row = 0; row < rows; row++) {
        NAME(dots)(4, width, queries + row * width, block + j * width, scores + row * DECODE_ROW + j);
      }
    }
    for (; j < count; j++) {
      for (ptrdiff_t row = 0; row < rows; row++) {
        NAME(dots)(1, width, queries + row * width, block + j * width, scores + row * DECODE_ROW + j);
      }
    }
    for (ptrdiff_t row = 0; row < rows; row++) {
      ptrdiff_t query = row % head->queries;
      ptrdiff_t seen = lesser(count, lesser(head->keys, firstHidden(head, query)) - key);
      if (seen <= 0) continue;
      REAL *mine = scores + row * DECODE_ROW;
      if (mask) {
        const REAL *added = mask + row / head->queries * maskHead + query * head->maskRow
                            + key * head->maskColumn;
        for (j = 0; j < seen; j++) mine[j] += added[j * head->maskColumn] * (REAL)M_LOG2E;
      }
      REAL factor = NAME(softenRow)(seen, mine, maxima + row, sums + row);
      NAME(addValues)(
          seen, mine, v + key * valueWidth, valueWidth, results + row * valueWidth, factor);
    }
  }
}
