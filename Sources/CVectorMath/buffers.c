#include "buffers.h"

#include <malloc.h>

void buffers_keep_freed(size_t largest, size_t unused) {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, (int)largest);
  mallopt(M_TRIM_THRESHOLD, (int)unused);
#else
  (void)largest;
  (void)unused;
#endif
}

void buffers_give_back(void) {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}
