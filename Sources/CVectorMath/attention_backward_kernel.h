// Included by attention_precisions.h: the backward pass, which computes the probabilities again.

// Scores s to probabilities 2^(s − L), and their adjoints to those of the scores, p·(dp − dot).
INLINE void NAME(pullPanel)(
    ptrdiff_t count, const REAL *logSums, const REAL *dots, REAL *scores, REAL *adjoints) {
  VECTOR logs[2] = {LOAD(logSums), LOAD(logSums + LANES)};
  VECTOR dot[2] = {LOAD(dots), LOAD(dots + LANES)};
  for (ptrdiff_t j = 0; j < count; j++) {
    for (int half = 0; half < 2; half++) {
      ptrdiff_t place = j * BLOCK_ROW + half * LANES;
      VECTOR p = NAME(power)(AT(scores + place) - logs[half]);
      AT(scores + place) = p;
      AT(adjoints + place) = p * (AT(adjoints + place) - dot[half]);
    }
  }
}

// Rows `first` ..< `last` with zeros behind, up to whole panels.
INLINE void NAME(padRows)(
    const REAL *rows, ptrdiff_t first, ptrdiff_t last, ptrdiff_t width, REAL *padded) {
  ptrdiff_t step = attention_row(width);
  for (ptrdiff_t i = first; i < last; i++, padded += step) {
    for (ptrdiff_t c = 0; c < width; c++) padded[c] = rows[i * width + c];
    for (ptrdiff_t c = width; c < step; c++) padded[c] = 0;
  }
}

TARGET void NAME(attention_backward)(
    const AttentionHead *head, ptrdiff_t first, ptrdiff_t last, const REAL *q, const REAL *k,
    const REAL *v, const REAL *mask, const REAL *logSums, const REAL *dots, const REAL *adjoint,
    REAL *dq, REAL *dk, REAL *dv, REAL *workspace) {
  ptrdiff_t width = head->width, valueWidth = head->valueWidth;
  ptrdiff_t row = attention_row(width), valueRow = attention_row(valueWidth);
  REAL *queryPanels = workspace;
  REAL *queryRows = queryPanels + QUERY_BLOCK * width;
  REAL *adjointPanels = queryRows + QUERY_BLOCK * row;
  REAL *adjointRows = adjointPanels + QUERY_BLOCK * valueWidth;
  REAL *results = adjointRows + QUERY_BLOCK * valueRow;
  REAL *logs = results + QUERY_BLOCK * width;
  REAL *sums = logs + QUERY_BLOCK;
  REAL *scores = sums + QUERY_BLOCK;
  REAL *scoreAdjoints = scores + lesser(last - first, KEY_BLOCK) * BLOCK_ROW;
  VECTOR ones[2];
  ones[0] = ones[1] = (VECTOR){0} + 1;

  for (ptrdiff_t block = 0; block < head->queries; block += QUERY_BLOCK) {
    ptrdiff_t end = lesser(head->queries, block + QUERY_BLOCK), height = end - block;
    NAME(packPanels)(q, block, end, width, (REAL)(head->scale * M_LOG2E), queryPanels);
    NAME(packPanels)(adjoint, block, end, valueWidth, 1, adjointPanels);
    NAME(padRows)(q, block, end, width, queryRows);
    NAME(padRows)(adjoint, block, end, valueWidth, adjointRows);
    for (ptrdiff_t i = 0; i < QUERY_BLOCK; i++) {
      // Nothing comes from queries that see no key, and from beyond the last.
      REAL log = i < height ? logSums[block + i] * (REAL)M_LOG2E : -(REAL)INFINITY;
      logs[i] = log == -(REAL)INFINITY ? (REAL)INFINITY : log;
      sums[i] = i < height ? dots[block + i] : 0;
    }
    for (ptrdiff_t i = 0; i < QUERY_BLOCK * width; i++) results[i] = 0;

    ptrdiff_t visible = lesser(last, firstHidden(head, end - 1));
    for (ptrdiff_t key = first; key < visible; key += KEY_BLOCK) {
      ptrdiff_t count = lesser(KEY_BLOCK, visible - key);
      ptrdiff_t start = 0;
      // Panels of queries that see none of these keys.
      while (firstHidden(head, lesser(end, block + start + PANEL) - 1) <= key) start += PANEL;
      const REAL *keys = k + key * width, *values = v + key * valueWidth;
      for (ptrdiff_t panel = start; panel < height; panel += PANEL) {
        NAME(product)(
            count, width, keys, width, 1, queryPanels + panel * width, PANEL, scores + panel,
            BLOCK_ROW, 0);
        NAME(product)(
            count, valueWidth, values, valueWidth, 1, adjointPanels + panel * valueWidth, PANEL,
            scoreAdjoints + panel, BLOCK_ROW, 0);
        NAME(maskPanel)(
            head, mask, block + panel, lesser(height - panel, PANEL), key, count, scores + panel,
            BLOCK_ROW);
        NAME(pullPanel)(count, logs + panel, sums + panel, scores + panel, scoreAdjoints + panel);
        NAME(product)(
            width, count, keys, 1, width, scoreAdjoints + panel, BLOCK_ROW,
            results + panel * width, PANEL, ones);
      }
      REAL *keyAdjoints = dk + (key - first) * row, *valueAdjoints = dv + (key - first) * valueRow;
      for (ptrdiff_t c = 0; c < valueWidth; c += PANEL) {
        NAME(product)(
            count, height - start, scores + start, BLOCK_ROW, 1,
            adjointRows + start * valueRow + c, valueRow, valueAdjoints + c, valueRow, ones);
      }
      for (ptrdiff_t c = 0; c < width; c += PANEL) {
        NAME(product)(
            count, height - start, scoreAdjoints + start, BLOCK_ROW, 1,
            queryRows + start * row + c, row, keyAdjoints + c, row, ones);
      }
    }
    for (ptrdiff_t i = 0; i < height; i++) {
      ptrdiff_t lane = i % PANEL;
      const REAL *column = results + (i - lane) * width + lane;
      REAL *target = dq + (block + i) * width;
      for (ptrdiff_t c = 0; c < width; c++) target[c] = column[c * PANEL] * (REAL)head->scale;
    }
  }
}
