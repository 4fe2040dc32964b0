/// What the C files share and Swift does not see.

#ifndef CPNG_INTERNAL_H
#define CPNG_INTERNAL_H

#include <png.h>

#include "CPNG.h"

/// PNG stores 16-bit samples with the high byte first.
enum { cpng_is_little_endian = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ };

// All state lives on the heap: nothing that a longjmp could leave in a stale register.
struct cpng_reader {
  png_structp png;
  png_infop info;
  const uint8_t *bytes;
  size_t count, position;
  char chunk[5];  // the chunk being read, "" before the first
  bool saw_gamma, saw_chromaticities, saw_animation, saw_samples;
  cpng_header header;  // as inspected; libpng's own answers change once it decodes
  bool out_of_memory;
  char error[256];
  char warnings[2048];
};

/// The status after a longjmp.
cpng_status cpng_failure(const cpng_reader *reader);

/// Adds a line to the reader's warnings, once.
void cpng_warn(png_structp png, png_const_charp message);

#endif
