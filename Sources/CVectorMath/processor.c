#define _GNU_SOURCE
#include "processor.h"

#include <sched.h>

int processor_current(void) { return sched_getcpu(); }

void processor_leave(int processor) {
  cpu_set_t allowed;
  if (processor < 0 || processor >= CPU_SETSIZE) return;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  cpu_set_t others = allowed;
  CPU_CLR(processor, &others);
  // Without any other the first call fails, and the second changes nothing.
  sched_setaffinity(0, sizeof others, &others);
  sched_setaffinity(0, sizeof allowed, &allowed);
}
