// Errors on purpose, so that a sanitizer that finds nothing is known to look: RKVOICE_SANITIZER_CONTROL=thread is a
// race, =address a read beyond a block, =leak a block that nobody gives back.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static int shared;

static void *raise_shared(void *unused) {
    for (int turn = 0; turn < 1000; turn++) {
        shared++;
    }
    return unused;
}

static void race(void) {
    pthread_t other;
    if (pthread_create(&other, NULL, raise_shared, NULL) == 0) {
        raise_shared(NULL);
        pthread_join(other, NULL);
    }
}

static void read_beyond(void) {
    volatile char *volatile block = malloc(8);
    if (block) {
        shared = block[8];
        free((void *)block);
    }
}

static void leak(void) {
    char *volatile block = malloc(4321);
    if (block) {
        block[0] = 1;
        block = NULL;
    }
}

__attribute__((constructor)) static void err(void) {
    const char *what = getenv("RKVOICE_SANITIZER_CONTROL");
    if (what && strcmp(what, "thread") == 0) {
        race();
    } else if (what && strcmp(what, "address") == 0) {
        read_beyond();
    } else if (what && strcmp(what, "leak") == 0) {
        leak();
    }
}
