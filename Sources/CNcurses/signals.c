// Signals as bytes in a pipe, so that they are met in the event loop and not in the middle of something.
#define _GNU_SOURCE 1 // pipe2
#include "CNcurses.h"
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static const int watched[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH};
enum { WATCHED = sizeof watched / sizeof *watched };
static struct sigaction previous[WATCHED];
static int ends[2] = {-1, -1};
static volatile sig_atomic_t unread_stop;
static volatile sig_atomic_t continued;

static bool asks_to_end(int number) { return number == SIGINT || number == SIGTERM || number == SIGHUP; }

static void on_signal(int number) {
    int error = errno;
    if (number == SIGCONT) continued = 1;
    if (asks_to_end(number)) {
        if (unread_stop) {
            // The event loop did not take the first one: it hangs, and must not be able to keep the process alive.
            tscn_guard_restore();
            signal(number, SIG_DFL);
            raise(number);
        }
        unread_stop = 1;
    }
    unsigned char byte = (unsigned char)number;
    ssize_t written = write(ends[1], &byte, 1); // a full pipe holds enough news already
    (void)written;
    errno = error;
}

static void install(int number, struct sigaction *old) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, old);
}

int tscn_signals_start(void) {
    if (ends[0] >= 0) return ends[0];
    if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0) return -1;
    unread_stop = 0;
    for (int i = 0; i < WATCHED; i++) install(watched[i], &previous[i]);
    return ends[0];
}

void tscn_signals_stop(void) {
    if (ends[0] < 0) return;
    for (int i = 0; i < WATCHED; i++) sigaction(watched[i], &previous[i], NULL);
    close(ends[0]);
    close(ends[1]);
    ends[0] = ends[1] = -1;
}

int tscn_signals_next(void) {
    unsigned char byte;
    if (ends[0] < 0 || read(ends[0], &byte, 1) != 1) return 0;
    if (asks_to_end(byte)) unread_stop = 0;
    return byte;
}

bool tscn_stop_process_group(void) {
    continued = 0;
    signal(SIGTSTP, SIG_DFL);
    kill(0, SIGTSTP);
    // The signal may be taken by another thread, so the stop can come a moment later. When the group is orphaned the
    // kernel drops the signal, and nothing will ever continue us.
    for (int waited = 0; !continued && waited < 20; waited++) poll(NULL, 0, 10);
    install(SIGTSTP, NULL);
    return continued;
}
