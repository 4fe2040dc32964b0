/// A narrow fence around libpng's low-level interface.
///
/// libpng reports errors by longjmp, which must never cross a Swift frame. Every function here
/// sets its own jump target, returns a status, and leaves the reason behind as text. Nothing is
/// printed, nothing is corrected for gamma, no background is blended in.

#ifndef CPNG_H
#define CPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
  CPNG_OK,
  /// The data (or, when writing, the picture) is not what the PNG format allows.
  CPNG_INVALID,
  /// malloc refused.
  CPNG_OUT_OF_MEMORY
} cpng_status;

/// The picture's geometry. `color_type` is the number that IHDR stores.
typedef struct {
  uint32_t width, height;
  uint8_t color_type;
  /// Bits per sample (per index for a palette): 1, 2, 4, 8 or 16.
  uint8_t bit_depth;
  bool interlaced;
  /// A valid tRNS chunk is present.
  bool transparent;
  /// An acTL chunk announces an animation; the still picture is its first frame or its stand-in.
  bool animated;
  /// Interleaved channels after expansion: 1 gray, 2 gray + alpha, 3 RGB, 4 RGB + alpha.
  uint8_t channels;
  /// Bits per sample after expansion: 8 or 16.
  uint8_t sample_bits;
} cpng_header;

/// The chunks that say what the samples mean. Fractions are in units of 1/100000, as stored.
typedef struct {
  bool has_gamma, has_srgb, has_chromaticities;
  int32_t gamma;
  int32_t srgb_intent;
  int32_t white_x, white_y, red_x, red_y, green_x, green_y, blue_x, blue_y;
  /// The embedded ICC profile, NULL when there is none. Owned by whoever made the struct.
  const char *profile_name;
  const uint8_t *profile;
  uint32_t profile_size;
} cpng_color;

/// A decoder over bytes in memory. The bytes must outlive it; it may be freed at any time.
typedef struct cpng_reader cpng_reader;

/// NULL when memory is short.
cpng_reader *cpng_reader_create(const uint8_t *bytes, size_t count);
void cpng_reader_free(cpng_reader *reader);

/// Reads everything that stands before the samples. Memory stays bounded whatever the header says.
cpng_status cpng_reader_inspect(cpng_reader *reader);

/// Decodes all samples, row-major and interleaved, in native byte order; once, after a successful
/// `cpng_reader_inspect`. `count` is width * height * channels. After a failure the contents of
/// `samples` are unspecified.
cpng_status cpng_reader_decode(cpng_reader *reader, uint16_t *samples, size_t count);

/// What `cpng_reader_inspect` found. The colour's pointers live as long as the reader.
cpng_header cpng_reader_header(const cpng_reader *reader);
cpng_color cpng_reader_color(const cpng_reader *reader);

/// Why the last call failed: one line.
const char *cpng_reader_error(const cpng_reader *reader);
/// What was odd but could be lived with: lines, each ended by a newline, none twice.
const char *cpng_reader_warnings(const cpng_reader *reader);
/// The bytes that follow the end of the picture, after a successful decode.
size_t cpng_reader_trailing(const cpng_reader *reader);

/// The result of an encode; `bytes` belong to the caller, who frees them with `cpng_output_free`.
typedef struct {
  uint8_t *bytes;
  size_t count;
  char error[256];
} cpng_output;

/// Encodes samples as `cpng_reader_decode` delivers them. `color_type`, `transparent` and
/// `animated` are ignored: the colour type follows from `channels`. Never interlaced. The same
/// input and libraries give the same bytes. A colour chunk that libpng holds invalid is left out.
cpng_status cpng_encode(
    const cpng_header *header, const cpng_color *color, const uint16_t *samples,
    cpng_output *output);
void cpng_output_free(cpng_output *output);

#endif
