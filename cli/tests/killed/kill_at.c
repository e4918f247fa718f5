/* Loaded before the system's library (LD_PRELOAD): ends its process by SIGKILL at a named point, so
 * that a test need not guess at moments. A point is a call and what it is for, before or after it,
 * or, of a write, half-way: "before flock lock", "half write new", "after recv socket".
 *
 * PROOFKEY_KILL_AT     the point, and a space and which time it is reached, from 1; none: nothing ends
 * PROOFKEY_KILL_TRACE  a file to which each point is written that was reached, a line each
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* What a path in the store is: what comes before the dash of its name. "" is none of the store's. */
static void kind_of(const char *path, char kind[16]) {
    kind[0] = '\0';
    const char *folder = strstr(path, "/proofkey");
    if (folder == NULL) return;
    const char *name = folder + strlen("/proofkey");
    if (*name == '\0') {
        strcpy(kind, "folder");
    } else if (*name == '/') {
        size_t length = strcspn(name + 1, "-");
        if (length < 16) {
            memcpy(kind, name + 1, length);
            kind[length] = '\0';
        }
    }
}

static void kind_of_file(int file, char kind[16]) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length > 0 ? length : 0] = '\0';
    if (strncmp(path, "socket:", 7) == 0) {
        strcpy(kind, "socket");
    } else {
        kind_of(path, kind);
    }
}

static void reached(const char *when, const char *call, const char *kind) {
    static atomic_int times;
    char point[64];
    if (kind[0] == '\0') return;
    int length = snprintf(point, sizeof point, "%s %s %s", when, call, kind);
    const char *trace = getenv("PROOFKEY_KILL_TRACE");
    if (trace != NULL) {
        char line[66];
        int file = (int)syscall(SYS_openat, AT_FDCWD, trace, O_WRONLY | O_APPEND | O_CLOEXEC);
        int size = snprintf(line, sizeof line, "%s\n", point);
        syscall(SYS_write, file, line, (size_t)size);
        syscall(SYS_close, file);
    }
    const char *at = getenv("PROOFKEY_KILL_AT");
    if (at == NULL || strncmp(at, point, (size_t)length) != 0 || at[length] != ' ') return;
    if (atomic_fetch_add(&times, 1) + 1 == atoi(at + length + 1)) {
        kill(getpid(), SIGKILL);
    }
}

/* One call whose file is known by its number. */
#define AROUND(file, name, call)                                                                                       \
    char kind[16];                                                                                                     \
    kind_of_file(file, kind);                                                                                          \
    reached("before", name, kind);                                                                                     \
    __typeof__(call) result = call;                                                                                    \
    reached("after", name, kind);                                                                                      \
    return result

int flock(int file, int operation) {
    const char *name = operation == LOCK_UN ? "unlock" : "flock";
    AROUND(file, name, REAL(flock)(file, operation));
}

int fsync(int file) { AROUND(file, "fsync", REAL(fsync)(file)); }

ssize_t read(int file, void *bytes, size_t size) { AROUND(file, "read", REAL(read)(file, bytes, size)); }

ssize_t recv(int file, void *bytes, size_t size, int flags) {
    AROUND(file, "recv", REAL(recv)(file, bytes, size, flags));
}

int connect(int file, const struct sockaddr *to, socklen_t size) {
    AROUND(file, "connect", REAL(connect)(file, to, size));
}

/* Half of it is done first, and is a point of its own. */
static void half(int file, const char *name, const char *kind, const void *bytes, size_t size) {
    char at[24];
    snprintf(at, sizeof at, "half %s %s ", name, kind);
    const char *wanted = getenv("PROOFKEY_KILL_AT");
    if (wanted != NULL && strncmp(wanted, at, strlen(at)) == 0) {
        syscall(SYS_write, file, bytes, size / 2);
    }
    reached("half", name, kind);
}

ssize_t write(int file, const void *bytes, size_t size) {
    char kind[16];
    kind_of_file(file, kind);
    reached("before", "write", kind);
    half(file, "write", kind, bytes, size);
    ssize_t result = REAL(write)(file, bytes, size);
    reached("after", "write", kind);
    return result;
}

ssize_t send(int file, const void *bytes, size_t size, int flags) {
    char kind[16];
    kind_of_file(file, kind);
    reached("before", "send", kind);
    half(file, "send", kind, bytes, size);
    ssize_t result = REAL(send)(file, bytes, size, flags);
    reached("after", "send", kind);
    return result;
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    char kind[16];
    va_start(rest, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    kind_of(path, kind);
    reached("before", "open", kind);
    int result = REAL(open64)(path, flags, mode);
    reached("after", "open", kind);
    return result;
}

int rename(const char *from, const char *to) {
    char kind[16];
    kind_of(to, kind);
    reached("before", "rename", kind);
    int result = REAL(rename)(from, to);
    reached("after", "rename", kind);
    return result;
}
