// Included by fourier.c once per precision, with REAL and NAME defined.

#define LANES ((ptrdiff_t)(32 / sizeof(REAL)))
typedef REAL NAME(fourier_lanes) __attribute__((vector_size(32), aligned(sizeof(REAL))));
#define VECTOR NAME(fourier_lanes)
#define LOAD(pointer) (*(const VECTOR *)(pointer))
#define STORE(pointer) (*(VECTOR *)(pointer))

// Complex numbers in lanes: element i at re[i·LANES] and im[i·LANES].
typedef struct {
  REAL *re, *im;
} NAME(Complex);
#define COMPLEX NAME(Complex)

// The sum over j of a_j·e^(∓2πijk/r) for the small r, written out.
#define BUTTERFLY2(ar, ai, br, bi) \
  br[0] = ar[0] + ar[1]; bi[0] = ai[0] + ai[1]; \
  br[1] = ar[0] - ar[1]; bi[1] = ai[0] - ai[1];

#define BUTTERFLY3(ar, ai, br, bi) \
  { \
    const REAL s = (REAL)0.86602540378443864676; \
    VECTOR sr = ar[1] + ar[2], si = ai[1] + ai[2]; \
    VECTOR dr = s * (ar[1] - ar[2]), di = s * (ai[1] - ai[2]); \
    VECTOR mr = ar[0] - (REAL)0.5 * sr, mi = ai[0] - (REAL)0.5 * si; \
    br[0] = ar[0] + sr; bi[0] = ai[0] + si; \
    br[1] = mr + di; bi[1] = mi - dr; \
    br[2] = mr - di; bi[2] = mi + dr; \
  }

#define BUTTERFLY4(ar, ai, br, bi) \
  { \
    VECTOR pr = ar[0] + ar[2], pi = ai[0] + ai[2], qr = ar[0] - ar[2], qi = ai[0] - ai[2]; \
    VECTOR sr = ar[1] + ar[3], si = ai[1] + ai[3], tr = ar[1] - ar[3], ti = ai[1] - ai[3]; \
    br[0] = pr + sr; bi[0] = pi + si; \
    br[1] = qr + ti; bi[1] = qi - tr; \
    br[2] = pr - sr; bi[2] = pi - si; \
    br[3] = qr - ti; bi[3] = qi + tr; \
  }

#define BUTTERFLY5(ar, ai, br, bi) \
  { \
    const REAL c1 = (REAL)0.30901699437494742410, c2 = (REAL)-0.80901699437494742410; \
    const REAL s1 = (REAL)0.95105651629515357212, s2 = (REAL)0.58778525229247312917; \
    VECTOR pr = ar[1] + ar[4], pi = ai[1] + ai[4], qr = ar[2] + ar[3], qi = ai[2] + ai[3]; \
    VECTOR tr = ar[1] - ar[4], ti = ai[1] - ai[4], ur = ar[2] - ar[3], ui = ai[2] - ai[3]; \
    VECTOR fr = ar[0] + c1 * pr + c2 * qr, fi = ai[0] + c1 * pi + c2 * qi; \
    VECTOR gr = ar[0] + c2 * pr + c1 * qr, gi = ai[0] + c2 * pi + c1 * qi; \
    VECTOR hr = s1 * tr + s2 * ur, hi = s1 * ti + s2 * ui; \
    VECTOR kr = s2 * tr - s1 * ur, ki = s2 * ti - s1 * ui; \
    br[0] = ar[0] + pr + qr; bi[0] = ai[0] + pi + qi; \
    br[1] = fr + hi; bi[1] = fi - hr; \
    br[4] = fr - hi; bi[4] = fi + hr; \
    br[2] = gr + ki; bi[2] = gi - kr; \
    br[3] = gr - ki; bi[3] = gi + kr; \
  }

// One step of radix r: `span` transforms of length r·m, interleaved, become r·span of length m.
#define STEP(r, BUTTERFLY) \
  for (ptrdiff_t p = 0; p < m; p++) { \
    REAL wr[r], wi[r]; \
    for (int k = 1; k < r; k++) { \
      wr[k] = table[2 * p * k * span]; \
      wi[k] = table[2 * p * k * span + 1]; \
    } \
    for (ptrdiff_t q = 0; q < span; q++) { \
      VECTOR ar[r], ai[r], br[r], bi[r]; \
      UNROLL \
      for (int j = 0; j < r; j++) { \
        ar[j] = LOAD(from.re + (q + span * (p + m * j)) * LANES); \
        ai[j] = LOAD(from.im + (q + span * (p + m * j)) * LANES); \
      } \
      BUTTERFLY(ar, ai, br, bi) \
      STORE(to.re + (q + span * r * p) * LANES) = br[0]; \
      STORE(to.im + (q + span * r * p) * LANES) = bi[0]; \
      UNROLL \
      for (int k = 1; k < r; k++) { \
        STORE(to.re + (q + span * (r * p + k)) * LANES) = br[k] * wr[k] - bi[k] * wi[k]; \
        STORE(to.im + (q + span * (r * p + k)) * LANES) = br[k] * wi[k] + bi[k] * wr[k]; \
      } \
    } \
  }

// The same for any radix, by its definition.
INLINE void NAME(anyStep)(
    ptrdiff_t r, ptrdiff_t m, ptrdiff_t span, ptrdiff_t length, const REAL *table, COMPLEX from,
    COMPLEX to) {
  for (ptrdiff_t p = 0; p < m; p++) {
    for (ptrdiff_t q = 0; q < span; q++) {
      for (ptrdiff_t k = 0; k < r; k++) {
        VECTOR re = {0}, im = {0};
        for (ptrdiff_t j = 0; j < r; j++) {
          ptrdiff_t turn = j * k % r * (length / r);
          REAL wr = table[2 * turn], wi = table[2 * turn + 1];
          VECTOR ar = LOAD(from.re + (q + span * (p + m * j)) * LANES);
          VECTOR ai = LOAD(from.im + (q + span * (p + m * j)) * LANES);
          re += ar * wr - ai * wi;
          im += ar * wi + ai * wr;
        }
        REAL wr = table[2 * p * k * span], wi = table[2 * p * k * span + 1];
        STORE(to.re + (q + span * (r * p + k)) * LANES) = re * wr - im * wi;
        STORE(to.im + (q + span * (r * p + k)) * LANES) = re * wi + im * wr;
      }
    }
  }
}

// The transform of what is in `first`; `second` is as large. Returns where the result is.
INLINE COMPLEX NAME(transformed)(const FourierLength *plan, COMPLEX first, COMPLEX second) {
  const REAL *table = plan->table;
  COMPLEX from = first, to = second;
  ptrdiff_t m = plan->length, span = 1;
  for (ptrdiff_t factor = 0; factor < plan->factors; factor++) {
    ptrdiff_t r = plan->radices[factor];
    m /= r;
    switch (r) {
      case 2: STEP(2, BUTTERFLY2) break;
      case 3: STEP(3, BUTTERFLY3) break;
      case 4: STEP(4, BUTTERFLY4) break;
      case 5: STEP(5, BUTTERFLY5) break;
      default: NAME(anyStep)(r, m, span, plan->length, table, from, to);
    }
    span *= r;
    COMPLEX other = from;
    from = to;
    to = other;
  }
  return from;
}

INLINE ptrdiff_t NAME(blocks)(ptrdiff_t down) { return (down / 2 + LANES) / LANES; }
INLINE ptrdiff_t NAME(pitch)(ptrdiff_t across) {
  return (across + 2 * LANES - 1) / (2 * LANES) * (2 * LANES);
}
INLINE ptrdiff_t NAME(longer)(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }

size_t NAME(fourier_spectrum)(ptrdiff_t down, ptrdiff_t across) {
  return (size_t)(2 * NAME(blocks)(down) * across * LANES);
}

size_t NAME(fourier_scratch)(ptrdiff_t down, ptrdiff_t across) {
  ptrdiff_t half = NAME(blocks)(down) * LANES * NAME(pitch)(across);
  return (size_t)(2 * half + 4 * NAME(longer)(down, across) * LANES);
}

// The scratch memory of a tile: half spectra [frequencies down, columns] and room for transforms.
typedef struct {
  ptrdiff_t blocks, pitch;
  COMPLEX half, first, second;
} NAME(Room);
#define ROOM NAME(Room)

INLINE ROOM NAME(room)(const FourierTile *tile, REAL *scratch) {
  ROOM room = {NAME(blocks)(tile->down.length), NAME(pitch)(tile->across.length),
               {0, 0}, {0, 0}, {0, 0}};
  ptrdiff_t half = room.blocks * LANES * room.pitch;
  ptrdiff_t line = NAME(longer)(tile->down.length, tile->across.length) * LANES;
  room.half = (COMPLEX){scratch, scratch + half};
  scratch += 2 * half;
  room.first = (COMPLEX){scratch, scratch + line};
  room.second = (COMPLEX){scratch + 2 * line, scratch + 3 * line};
  return room;
}

// LANES numbers of a row, zeros outside of it.
INLINE void NAME(loadLanes)(
    const REAL *row, ptrdiff_t first, ptrdiff_t columns, REAL *target) {
  if (first >= 0 && first + LANES <= columns) {
    STORE(target) = LOAD(row + first);
  } else {
    for (ptrdiff_t lane = 0; lane < LANES; lane++) {
      ptrdiff_t place = first + lane;
      target[lane] = place >= 0 && place < columns ? row[place] : 0;
    }
  }
}

CLONES void NAME(fourier_forward)(
    const FourierTile *tile, const FourierWindow *window, const REAL *x, REAL *spectrum,
    REAL *scratch) {
  ROOM room = NAME(room)(tile, scratch);
  ptrdiff_t down = tile->down.length, across = tile->across.length, kept = down / 2 + 1;
  for (ptrdiff_t column = 0; column < room.pitch; column += 2 * LANES) {
    for (ptrdiff_t k = kept; k < room.blocks * LANES; k++) {
      for (ptrdiff_t part = 0; part < 2; part++) {
        STORE(room.half.re + k * room.pitch + column + part * LANES) = (VECTOR){0};
        STORE(room.half.im + k * room.pitch + column + part * LANES) = (VECTOR){0};
      }
    }
    for (ptrdiff_t y = 0; y < down; y++) {
      ptrdiff_t row = y - window->top;
      REAL *re = room.first.re + y * LANES, *im = room.first.im + y * LANES;
      if (row < 0 || row >= window->rows) {
        STORE(re) = STORE(im) = (VECTOR){0};
        continue;
      }
      const REAL *from = x + row * window->rowStride;
      NAME(loadLanes)(from, column - window->left, window->columns, re);
      NAME(loadLanes)(from, column - window->left + LANES, window->columns, im);
    }
    COMPLEX z = NAME(transformed)(&tile->down, room.first, room.second);
    // The spectra of the two real columns.
    for (ptrdiff_t k = 0; k < kept; k++) {
      ptrdiff_t other = k == 0 ? 0 : down - k;
      VECTOR zr = LOAD(z.re + k * LANES), zi = LOAD(z.im + k * LANES);
      VECTOR mirrorRe = LOAD(z.re + other * LANES), mirrorIm = LOAD(z.im + other * LANES);
      REAL *re = room.half.re + k * room.pitch + column;
      REAL *im = room.half.im + k * room.pitch + column;
      STORE(re) = (REAL)0.5 * (zr + mirrorRe);
      STORE(im) = (REAL)0.5 * (zi - mirrorIm);
      STORE(re + LANES) = (REAL)0.5 * (zi + mirrorIm);
      STORE(im + LANES) = (REAL)0.5 * (mirrorRe - zr);
    }
  }
  ptrdiff_t plane = room.blocks * across * LANES;
  for (ptrdiff_t block = 0; block < room.blocks; block++) {
    for (ptrdiff_t lane = 0; lane < LANES; lane++) {
      const REAL *re = room.half.re + (block * LANES + lane) * room.pitch;
      const REAL *im = room.half.im + (block * LANES + lane) * room.pitch;
      for (ptrdiff_t column = 0; column < across; column++) {
        room.first.re[column * LANES + lane] = re[column];
        room.first.im[column * LANES + lane] = im[column];
      }
    }
    COMPLEX z = NAME(transformed)(&tile->across, room.first, room.second);
    REAL *target = spectrum + block * across * LANES;
    for (ptrdiff_t i = 0; i < across * LANES; i += LANES) {
      STORE(target + i) = LOAD(z.re + i);
      STORE(target + plane + i) = LOAD(z.im + i);
    }
  }
}

CLONES void NAME(fourier_inverse)(
    const FourierTile *tile, const FourierWindow *window, const REAL *spectrum, REAL added,
    REAL *y, REAL *scratch) {
  ROOM room = NAME(room)(tile, scratch);
  ptrdiff_t down = tile->down.length, across = tile->across.length, kept = down / 2 + 1;
  ptrdiff_t plane = room.blocks * across * LANES;
  // Backwards is forwards with real and imaginary parts changed about.
  COMPLEX first = {room.first.im, room.first.re}, second = {room.second.im, room.second.re};
  for (ptrdiff_t block = 0; block < room.blocks; block++) {
    const REAL *source = spectrum + block * across * LANES;
    for (ptrdiff_t i = 0; i < across * LANES; i += LANES) {
      STORE(room.first.re + i) = LOAD(source + i);
      STORE(room.first.im + i) = LOAD(source + plane + i);
    }
    COMPLEX z = NAME(transformed)(&tile->across, first, second);
    for (ptrdiff_t lane = 0; lane < LANES; lane++) {
      REAL *re = room.half.re + (block * LANES + lane) * room.pitch;
      REAL *im = room.half.im + (block * LANES + lane) * room.pitch;
      for (ptrdiff_t column = 0; column < window->columns; column++) {
        re[column] = z.im[column * LANES + lane];
        im[column] = z.re[column * LANES + lane];
      }
      for (ptrdiff_t column = window->columns; column < room.pitch; column++) {
        re[column] = im[column] = 0;
      }
    }
  }
  REAL scale = 1 / ((REAL)down * (REAL)across);
  for (ptrdiff_t column = 0; column < window->columns; column += 2 * LANES) {
    for (ptrdiff_t k = 0; k < kept; k++) {
      const REAL *re = room.half.re + k * room.pitch + column;
      const REAL *im = room.half.im + k * room.pitch + column;
      VECTOR ar = LOAD(re), ai = LOAD(im), br = LOAD(re + LANES), bi = LOAD(im + LANES);
      STORE(room.first.re + k * LANES) = ar - bi;
      STORE(room.first.im + k * LANES) = ai + br;
      if (k > 0 && k < down - k) {
        STORE(room.first.re + (down - k) * LANES) = ar + bi;
        STORE(room.first.im + (down - k) * LANES) = br - ai;
      }
    }
    COMPLEX z = NAME(transformed)(&tile->down, first, second);
    for (ptrdiff_t row = 0; row < window->rows; row++) {
      for (int part = 0; part < 2; part++) {
        REAL *target = y + row * window->rowStride + column + part * LANES;
        const REAL *source = (part == 0 ? z.im : z.re) + row * LANES;
        ptrdiff_t rest = window->columns - column - part * LANES;
        if (rest >= LANES) {
          STORE(target) = scale * LOAD(source) + added;
        } else {
          for (ptrdiff_t lane = 0; lane < rest; lane++) {
            target[lane] = scale * source[lane] + added;
          }
        }
      }
    }
  }
}

CLONES void NAME(fourier_products)(
    ptrdiff_t elements, ptrdiff_t count, const REAL *x, ptrdiff_t xStride, const REAL *w,
    ptrdiff_t wStride, REAL *y) {
  ptrdiff_t plane = elements / 2;
  for (ptrdiff_t i = 0; i < plane; i += LANES) {
    VECTOR re = {0}, im = {0};
    for (ptrdiff_t k = 0; k < count; k++) {
      VECTOR xr = LOAD(x + k * xStride + i), xi = LOAD(x + k * xStride + plane + i);
      VECTOR wr = LOAD(w + k * wStride + i), wi = LOAD(w + k * wStride + plane + i);
      re += xr * wr + xi * wi;
      im += xi * wr - xr * wi;
    }
    STORE(y + i) = re;
    STORE(y + plane + i) = im;
  }
}

#undef LANES
#undef VECTOR
#undef LOAD
#undef STORE
#undef COMPLEX
#undef BUTTERFLY2
#undef BUTTERFLY3
#undef BUTTERFLY4
#undef BUTTERFLY5
#undef STEP
#undef ROOM
