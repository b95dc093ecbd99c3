static int made = -1;

__attribute__((constructor)) static void make(void) {
    made = 42;
}

int boot_made(void) {
    return made;
}

// Only some programs have it.
extern int boot_late(int *count) __attribute__((weak));

// Packed: what was made in the high half, and the number of arguments in the low one.
long boot_of_late(void) {
    int count = -1;
    int made = boot_late ? boot_late(&count) : 0;
    return (long)made << 32 | (unsigned)count;
}
