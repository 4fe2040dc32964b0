#include <setjmp.h>

#include "CPNGInternal.h"

// Rows of bytes are decoded into the end of the buffer and spread out from its start. What is
// written for entry i ends at or below every byte that is still to be read.
static void widen(uint16_t *samples, size_t count) {
  const uint8_t *bytes = (const uint8_t *)samples + count;
  for (size_t i = 0; i < count; i++) samples[i] = bytes[i];
}

// libpng's own expansion turns indices outside the palette into black without a word.
static void expand_palette(cpng_reader *reader, uint16_t *samples, size_t pixels) {
  const size_t channels = reader->header.channels;
  const uint8_t *indices = (const uint8_t *)(samples + pixels * channels) - pixels;
  png_colorp palette = NULL;
  png_bytep alpha = NULL;
  int colors = 0, alphas = 0;
  bool outside = false;
  png_get_PLTE(reader->png, reader->info, &palette, &colors);
  if (channels == 4) png_get_tRNS(reader->png, reader->info, &alpha, &alphas, NULL);
  for (size_t i = 0; i < pixels; i++) {
    const uint8_t index = indices[i];
    const bool inside = index < colors;
    uint16_t *pixel = samples + i * channels;
    pixel[0] = inside ? palette[index].red : 0;
    pixel[1] = inside ? palette[index].green : 0;
    pixel[2] = inside ? palette[index].blue : 0;
    if (channels == 4) pixel[3] = index < alphas ? alpha[index] : 255;
    outside |= !inside;
  }
  if (outside) cpng_warn(reader->png, "colours outside the palette are read as black");
}

static void read_rows(cpng_reader *reader, png_bytep rows, size_t row_bytes) {
  png_structp png = reader->png;
  const int passes = png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);
  if (png_get_rowbytes(png, reader->info) != row_bytes) {
    png_error(png, "the decoded size differs from the announced one");
  }
  for (int pass = 0; pass < passes; pass++) {
    for (size_t y = 0; y < reader->header.height; y++) {
      png_read_row(png, rows + y * row_bytes, NULL);
    }
  }
  png_read_end(png, NULL);
}

cpng_status cpng_reader_decode(cpng_reader *reader, uint16_t *samples, size_t count) {
  if (setjmp(png_jmpbuf(reader->png))) return cpng_failure(reader);
  const cpng_header header = reader->header;
  const size_t pixels = (size_t)header.width * header.height;
  if (count != pixels * header.channels) png_error(reader->png, "wrong number of samples");
  if (header.color_type == PNG_COLOR_TYPE_PALETTE) {
    png_set_packing(reader->png);
    read_rows(reader, (png_bytep)(samples + count) - pixels, header.width);
    expand_palette(reader, samples, pixels);
    return CPNG_OK;
  }
  const size_t row_samples = (size_t)header.width * header.channels;
  png_set_expand(reader->png);
  if (header.sample_bits == 16) {
    if (cpng_is_little_endian) png_set_swap(reader->png);
    read_rows(reader, (png_bytep)samples, row_samples * 2);
  } else {
    read_rows(reader, (png_bytep)samples + count, row_samples);
    widen(samples, count);
  }
  return CPNG_OK;
}
