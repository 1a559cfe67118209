#include <string.h>

#include "strata_keras.h"
#include "strata_keras_thread.h"

static _Thread_local char error[16384];

const char *strata_keras_error(void) { return error; }

void strata_keras_set_error(const char *message) {
    size_t length = strlen(message);
    if (length >= sizeof error) {
        length = sizeof error - 1;
        // Not within a character: all of its bytes but the first are 10xxxxxx.
        while (length > 0 && ((unsigned char)message[length] & 0xC0) == 0x80) length--;
    }
    memcpy(error, message, length);
    error[length] = 0;
}

uintptr_t strata_keras_thread(void) { return (uintptr_t)error; }
