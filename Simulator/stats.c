// The counters in a file, for whoever watches from outside: soon after a change, and at the end.
#include "simulator.h"

enum { PAUSE_MILLISECONDS = 50 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t woken = PTHREAD_COND_INITIALIZER;
static char path[PATH_BYTES];
static atomic_bool wanted;
static bool dirty, stopping, writing;
static pthread_t writer;

/// Whole or not at all, because somebody may be reading.
static void write_counters(const char *to) {
    char text[2048], temporary[PATH_BYTES + 8];
    rknn_sim_counters(text, sizeof text);
    snprintf(temporary, sizeof temporary, "%s.new", to);
    FILE *file = fopen(temporary, "we");
    if (!file) {
        complain("counters cannot be written to %s", to);
        return;
    }
    fprintf(file, "%s\n", text);
    fclose(file);
    rename(temporary, to);
}

static void pause_locked(void) {
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_nsec += PAUSE_MILLISECONDS * 1000000;
    end.tv_sec += end.tv_nsec / 1000000000;
    end.tv_nsec %= 1000000000;
    while (!stopping && pthread_cond_timedwait(&woken, &lock, &end) == 0) {
    }
}

static void *write_on(void *unused) {
    pthread_mutex_lock(&lock);
    while (!stopping) {
        while (!dirty && !stopping) {
            pthread_cond_wait(&woken, &lock);
        }
        char to[PATH_BYTES];
        memcpy(to, path, sizeof to);
        dirty = false;
        if (to[0]) {
            pthread_mutex_unlock(&lock);
            write_counters(to);
            pthread_mutex_lock(&lock);
        }
        pause_locked();
    }
    pthread_mutex_unlock(&lock);
    return unused;
}

void stats_changed(void) {
    if (!atomic_load(&wanted)) {
        return;
    }
    pthread_mutex_lock(&lock);
    if (!dirty) {
        dirty = true;
        pthread_cond_signal(&woken);
    }
    pthread_mutex_unlock(&lock);
}

void stats_move(const char *to) {
    pthread_mutex_lock(&lock);
    snprintf(path, sizeof path, "%s", to);
    atomic_store(&wanted, to[0] != 0);
    if (to[0] && !writing) {
        writing = pthread_create(&writer, NULL, write_on, NULL) == 0;
    }
    pthread_mutex_unlock(&lock);
    stats_changed();
}

__attribute__((destructor)) static void finish(void) {
    pthread_mutex_lock(&lock);
    bool started = writing;
    stopping = true;
    pthread_cond_broadcast(&woken);
    pthread_mutex_unlock(&lock);
    if (started) {
        pthread_join(writer, NULL);
    }
    if (path[0]) {
        write_counters(path);
    }
}
