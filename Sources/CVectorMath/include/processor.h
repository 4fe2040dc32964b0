// What Swift does not see of the processors and of the threads on them.
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

// The processor that the calling thread runs on; -1 when the system does not tell.
int processor_current(void);

// Moves the calling thread to another processor that it may use; it may come back later. Where there
// is none, nothing happens.
void processor_leave(int processor);

#endif
