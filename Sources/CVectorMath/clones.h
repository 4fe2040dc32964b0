// One source for several instruction sets: the first call picks the best that the processor has.
#ifndef CLONES_H
#define CLONES_H

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

#endif
