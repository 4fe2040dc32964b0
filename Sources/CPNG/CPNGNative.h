/// What both directions need to know about this processor.

#ifndef CPNG_NATIVE_H
#define CPNG_NATIVE_H

/// PNG stores 16-bit samples with the high byte first.
enum { cpng_is_little_endian = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ };

#endif
