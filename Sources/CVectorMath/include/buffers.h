// What Swift does not see of the C library's allocator.
#ifndef BUFFERS_H
#define BUFFERS_H

#include <stddef.h>

// Keeps freed blocks of up to `largest` bytes for the next allocation, and at the end of the heap
// `unused` bytes that nothing occupies, instead of giving them back to the kernel. Another C library
// than glibc decides by itself.
void buffers_keep_freed(size_t largest, size_t unused);

// Gives freed blocks back to the kernel after all.
void buffers_give_back(void);

#endif
