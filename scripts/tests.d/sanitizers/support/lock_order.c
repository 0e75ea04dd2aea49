// Tells ThreadSanitizer what the slow path of Swift's Mutex does.
//
// Mutex takes and leaves its lock with an atomic exchange that is compiled into its users, so ThreadSanitizer sees it.
// When another thread has the lock, Mutex calls these functions of libswiftSynchronization, which is not instrumented:
// they spin on the lock, then have the kernel hand it over (stdlib/public/Synchronization/Mutex/LinuxImpl.swift of
// Swift 6). Unseen, whatever the lock protects would be reported as a race. They are defined here once more, around the
// real ones; told is the order that a lock makes and no more. No report is suppressed.
//
// Linked into the test program, so that this definition comes first. Without ThreadSanitizer it does nothing.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))
#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK_SLOW "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

static SWIFT void (*lock_next)(uint32_t thread, SELF void *lock);
static SWIFT bool (*try_lock_next)(SELF void *lock);
static SWIFT void (*unlock_next)(SELF void *lock);

__attribute__((constructor)) static void find_next(void) {
    lock_next = dlsym(RTLD_NEXT, LOCK_SLOW);
    try_lock_next = dlsym(RTLD_NEXT, TRY_LOCK_SLOW);
    unlock_next = dlsym(RTLD_NEXT, UNLOCK_SLOW);
}

SWIFT void lock_slow(uint32_t thread, SELF void *lock) __asm__(LOCK_SLOW);
SWIFT bool try_lock_slow(SELF void *lock) __asm__(TRY_LOCK_SLOW);
SWIFT void unlock_slow(SELF void *lock) __asm__(UNLOCK_SLOW);

SWIFT void lock_slow(uint32_t thread, SELF void *lock) {
    lock_next(thread, lock);
    if (__tsan_acquire) {
        __tsan_acquire(lock);
    }
}

SWIFT bool try_lock_slow(SELF void *lock) {
    const bool is_locked = try_lock_next(lock);
    if (is_locked && __tsan_acquire) {
        __tsan_acquire(lock);
    }
    return is_locked;
}

SWIFT void unlock_slow(SELF void *lock) {
    if (__tsan_release) {
        __tsan_release(lock);
    }
    unlock_next(lock);
}
