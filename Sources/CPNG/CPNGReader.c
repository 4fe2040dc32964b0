#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "CPNGInternal.h"

// The most that one ancillary chunk (in effect an ICC profile) may take once unpacked: libpng's own
// default, in bytes. Larger ones are skipped with a warning.
static const png_alloc_size_t ancillary_limit = 8000000;

// What never reaches the samples is passed over unread: text chunks may unpack to any size.
static const png_byte ignored_chunks[] =
    "tEXt\0zTXt\0iTXt\0sPLT\0hIST\0eXIf\0tIME\0oFFs\0pCAL\0sCAL\0pHYs\0bKGD\0sBIT";

static png_voidp allocate(png_structp png, png_alloc_size_t size) {
  cpng_reader *reader = png_get_mem_ptr(png);
  void *memory = malloc(size);
  if (memory == NULL) reader->out_of_memory = true;
  return memory;
}

static void release(png_structp png, png_voidp memory) {
  (void)png;
  free(memory);
}

static void append(char *text, size_t capacity, const char *more) {
  size_t length = strlen(text);
  strncpy(text + length, more, capacity - length - 1);
  text[capacity - 1] = '\0';
}

static void fail(png_structp png, png_const_charp message) {
  cpng_reader *reader = png_get_error_ptr(png);
  const bool in_header = strcmp(reader->chunk, "IHDR") == 0;
  // libpng warns of everything wrong with a header, then fails with "Invalid IHDR data".
  const bool use_warning = in_header && reader->warnings[0] != '\0';
  reader->error[0] = '\0';
  if (use_warning || (in_header && strstr(message, "IHDR") == NULL)) {
    append(reader->error, sizeof reader->error, "IHDR: ");
  }
  append(reader->error, sizeof reader->error, use_warning ? reader->warnings : message);
  reader->error[strcspn(reader->error, "\n")] = '\0';
  png_longjmp(png, 1);
}

void cpng_warn(png_structp png, png_const_charp message) {
  cpng_reader *reader = png_get_error_ptr(png);
  size_t needed = strlen(message) + 1;
  if (strlen(reader->warnings) + needed >= sizeof reader->warnings) return;
  if (strstr(reader->warnings, message) != NULL) return;
  append(reader->warnings, sizeof reader->warnings, message);
  append(reader->warnings, sizeof reader->warnings, "\n");
}

static void fail_at_end(png_structp png, const cpng_reader *reader) {
  char message[96] = "the file ends ";
  bool inside = (png_get_io_state(png) & PNG_IO_MASK_LOC) != PNG_IO_CHUNK_HDR;
  append(message, sizeof message, inside ? "inside " : "after ");
  append(message, sizeof message, reader->chunk[0] == '\0' ? "its signature" : reader->chunk);
  if (!inside) append(message, sizeof message, ", without IEND");
  png_error(png, message);
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
  cpng_reader *reader = png_get_io_ptr(png);
  if (count > reader->count - reader->position) fail_at_end(png, reader);
  memcpy(target, reader->bytes + reader->position, count);
  reader->position += count;
  if (count == 8 && (png_get_io_state(png) & PNG_IO_MASK_LOC) == PNG_IO_CHUNK_HDR) {
    // Length and name of the next chunk. libpng derives gAMA and cHRM from an sRGB chunk; what
    // the file itself contains is only visible here.
    memcpy(reader->chunk, target + 4, 4);
    reader->saw_gamma |= strcmp(reader->chunk, "gAMA") == 0;
    reader->saw_chromaticities |= strcmp(reader->chunk, "cHRM") == 0;
    reader->saw_animation |= strcmp(reader->chunk, "acTL") == 0;
    reader->saw_samples |= strcmp(reader->chunk, "IDAT") == 0;
    if (strcmp(reader->chunk, "IEND") == 0 && !reader->saw_samples) {
      png_error(png, "no picture data: IEND comes before IDAT");
    }
  }
}

cpng_reader *cpng_reader_create(const uint8_t *bytes, size_t count) {
  cpng_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) return NULL;
  reader->bytes = bytes;
  reader->count = count;
  reader->png = png_create_read_struct_2(
      PNG_LIBPNG_VER_STRING, reader, fail, cpng_warn, reader, allocate, release);
  if (reader->png != NULL) reader->info = png_create_info_struct(reader->png);
  if (reader->info == NULL) {
    cpng_reader_free(reader);
    return NULL;
  }
  return reader;
}

void cpng_reader_free(cpng_reader *reader) {
  if (reader->png != NULL) png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader);
}

cpng_status cpng_failure(const cpng_reader *reader) {
  return reader->out_of_memory ? CPNG_OUT_OF_MEMORY : CPNG_INVALID;
}

static void configure(cpng_reader *reader) {
  png_structp png = reader->png;
  png_set_read_fn(png, reader, read_bytes);
  // The caller asks its memory budget; libpng's million pixels a side is no better measure.
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_chunk_malloc_max(png, ancillary_limit);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
  png_set_keep_unknown_chunks(
      png, PNG_HANDLE_CHUNK_NEVER, ignored_chunks, sizeof ignored_chunks / 5);
  // A wrong CRC means a damaged file, whichever chunk was hit; odd contents are only warned of.
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_benign_errors(png, 1);
  png_set_check_for_invalid_index(png, 0);  // expand_palette in CPNGDecode.c looks
  // Carry profiles through without comparing them with known sRGB profiles.
  png_set_option(png, PNG_SKIP_sRGB_CHECK_PROFILE, PNG_OPTION_ON);
  // Some encoders declare a deflate window that is too small; every viewer reads their files.
  png_set_option(png, PNG_MAXIMUM_INFLATE_WINDOW, PNG_OPTION_ON);
}

static cpng_header inspected_header(const cpng_reader *reader) {
  png_const_structp png = reader->png;
  png_const_infop info = reader->info;
  cpng_header header = {0};
  header.width = png_get_image_width(png, info);
  header.height = png_get_image_height(png, info);
  header.color_type = png_get_color_type(png, info);
  header.bit_depth = png_get_bit_depth(png, info);
  header.interlaced = png_get_interlace_type(png, info) != PNG_INTERLACE_NONE;
  header.transparent = png_get_valid(png, info, PNG_INFO_tRNS) != 0;
  header.animated = reader->saw_animation;
  const bool alpha = header.transparent || (header.color_type & PNG_COLOR_MASK_ALPHA) != 0;
  header.channels = ((header.color_type & PNG_COLOR_MASK_COLOR) != 0 ? 3 : 1) + (alpha ? 1 : 0);
  header.sample_bits = header.bit_depth == 16 ? 16 : 8;
  return header;
}

cpng_status cpng_reader_inspect(cpng_reader *reader) {
  if (setjmp(png_jmpbuf(reader->png))) return cpng_failure(reader);
  configure(reader);
  png_read_info(reader->png, reader->info);
  reader->header = inspected_header(reader);
  return CPNG_OK;
}

cpng_header cpng_reader_header(const cpng_reader *reader) { return reader->header; }

cpng_color cpng_reader_color(const cpng_reader *reader) {
  png_const_structp png = reader->png;
  png_infop info = reader->info;
  cpng_color color = {0};
  int intent = 0, compression = 0;
  png_charp name = NULL;
  png_bytep profile = NULL;
  color.has_gamma =
      reader->saw_gamma && png_get_gAMA_fixed(png, info, &color.gamma) != 0;
  color.has_srgb = png_get_sRGB(png, info, &intent) != 0;
  color.srgb_intent = intent;
  color.has_chromaticities =
      reader->saw_chromaticities
      && png_get_cHRM_fixed(
             png, info, &color.white_x, &color.white_y, &color.red_x, &color.red_y,
             &color.green_x, &color.green_y, &color.blue_x, &color.blue_y) != 0;
  if (png_get_iCCP(png, info, &name, &compression, &profile, &color.profile_size) != 0) {
    color.profile_name = name;
    color.profile = profile;
  }
  return color;
}

const char *cpng_reader_error(const cpng_reader *reader) { return reader->error; }
const char *cpng_reader_warnings(const cpng_reader *reader) { return reader->warnings; }
size_t cpng_reader_trailing(const cpng_reader *reader) {
  return reader->count - reader->position;
}
