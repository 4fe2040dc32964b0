// Single instructions that Swift has no name for.
#ifndef PROCESSOR_H
#define PROCESSOR_H

// Tells the processor that a loop waits for another thread.
static inline void processor_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#endif
