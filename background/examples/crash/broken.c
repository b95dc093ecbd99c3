// A library as one would not want it in one's own process.

#include <stdlib.h>
#include <string.h>

int broken_length(const char *text) {
    return (int)strlen(text);
}

int broken_abort(void) {
    abort();
}

int broken_segfault(void) {
    volatile int *nowhere = NULL;
    return *nowhere;
}

int broken_loop(void) {
    for (volatile unsigned n = 0;; n++) {
    }
}

int broken_leak(void) {
    for (;;) {
        char *piece = malloc(1 << 20);
        if (piece == NULL) {
            abort();
        }
        memset(piece, 1, 1 << 20);
    }
}
