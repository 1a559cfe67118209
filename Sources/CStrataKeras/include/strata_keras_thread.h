#ifndef STRATA_KERAS_THREAD_H
#define STRATA_KERAS_THREAD_H

#include <stdint.h>

// What each thread has of its own, for the implementation in Swift.

// Keeps a copy of a message for `strata_keras_error` of the calling thread, cut to what it has room for.
void strata_keras_set_error(const char *message);

// A number that no other living thread has; never 0.
uintptr_t strata_keras_thread(void);

#endif
