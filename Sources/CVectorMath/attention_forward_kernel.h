// Included by attention_precisions.h: the forward pass.

// Probabilities 2^(s − m) in place of scores s [count, PANEL]; the maxima m and the sums so far are
// brought up to date.
// - factors: 2^(old m − new m), what sums so far are multiplied by.
INLINE void NAME(soften)(
    ptrdiff_t count, REAL *scores, REAL *maxima, REAL *sums, VECTOR *factors) {
  VECTOR old[2] = {AT(maxima), AT(maxima + LANES)};
  VECTOR largest[2] = {old[0], old[1]};
  for (ptrdiff_t j = 0; j < count; j++) {
    VECTOR first = AT(scores + j * PANEL), second = AT(scores + j * PANEL + LANES);
    largest[0] = LARGER(first, largest[0]);
    largest[1] = LARGER(second, largest[1]);
  }
  for (int half = 0; half < 2; half++) {
    REAL *place = scores + half * LANES;
    AT(maxima + half * LANES) = largest[half];
    // A query that has seen no key yet: −inf − −inf would be NaN.
    MASK seen = (MASK)(largest[half] != -(REAL)INFINITY);
    VECTOR origin = SELECT(seen, largest[half], (VECTOR){0});
    factors[half] = NAME(power)(old[half] - origin);
    VECTOR sum = AT(sums + half * LANES) * factors[half];
    // One half after the other: all coefficients stay in registers.
    for (ptrdiff_t j = 0; j < count; j++) {
      VECTOR p = NAME(power)(AT(place + j * PANEL) - origin);
      sum += p;
      AT(place + j * PANEL) = p;
    }
    AT(sums + half * LANES) = sum;
  }
}

TARGET void NAME(attention_forward)(
    const AttentionHead *head, ptrdiff_t first, ptrdiff_t last, const REAL *q, const REAL *k,
    const REAL *v, const REAL *mask, REAL *output, REAL *logSums, REAL *workspace) {
  ptrdiff_t width = head->width, valueWidth = head->valueWidth;
  REAL *queries = workspace;
  REAL *results = queries + QUERY_BLOCK * width;
  REAL *maxima = results + QUERY_BLOCK * valueWidth;
  REAL *sums = maxima + QUERY_BLOCK;
  REAL *scores = sums + QUERY_BLOCK;

  NAME(packPanels)(q, first, last, width, (REAL)(head->scale * M_LOG2E), queries);
  for (ptrdiff_t i = 0; i < QUERY_BLOCK; i++) {
    maxima[i] = -(REAL)INFINITY;
    sums[i] = 0;
  }
  for (ptrdiff_t i = 0; i < QUERY_BLOCK * valueWidth; i++) results[i] = 0;

  ptrdiff_t visible = lesser(head->keys, firstHidden(head, last - 1));
  for (ptrdiff_t key = 0; key < visible; key += KEY_BLOCK) {
    for (ptrdiff_t query = first; query < last; query += PANEL) {
      ptrdiff_t lanes = lesser(last - query, PANEL), panel = query - first;
      ptrdiff_t end = lesser(head->keys, firstHidden(head, query + lanes - 1));
      ptrdiff_t count = lesser(KEY_BLOCK, end - key);
      if (count <= 0) continue;
      NAME(product)(
          count, width, k + key * width, width, 1, queries + panel * width, PANEL, scores, PANEL,
          0);
      NAME(maskPanel)(head, mask, query, lanes, key, count, scores, PANEL);
      VECTOR factors[2];
      NAME(soften)(count, scores, maxima + panel, sums + panel, factors);
      NAME(product)(
          valueWidth, count, v + key * valueWidth, 1, valueWidth, scores, PANEL,
          results + panel * valueWidth, PANEL, factors);
    }
  }

  for (ptrdiff_t query = first; query < last; query++) {
    ptrdiff_t place = query - first, lane = place % PANEL;
    REAL sum = sums[place];
    const REAL *column = results + (place - lane) * valueWidth + lane;
    REAL *row = output + query * valueWidth;
    logSums[query] = sum == 0 ? -(REAL)INFINITY : (maxima[place] + LOG2(sum)) * (REAL)M_LN2;
    // NaN stays NaN.
    REAL factor = sum == 0 ? 0 : 1 / sum;
    for (ptrdiff_t c = 0; c < valueWidth; c++) row[c] = column[c * PANEL] * factor;
  }
}
