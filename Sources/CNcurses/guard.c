// However the process ends, the terminal is left usable.
#include "CNcurses.h"
#include "internal.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static volatile sig_atomic_t armed;
static int tty = -1;
static struct termios saved_modes;
static bool has_modes;

static volatile sig_atomic_t log_fd = -1, real_stderr = -1;
static off_t log_start;

static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};
enum { FAULTS = sizeof faults / sizeof *faults };
static struct sigaction previous[FAULTS];

// Mouse, paste, keypad, character set, colours, cursor, and last the alternate screen.
static const char reset_bytes[] =
    "\033[?1006l\033[?1002l\033[?1000l\033[?2004l\033[?1l\033>\033(B\033[0m\033[?25h\033[?1049l\r";

static void write_all(int fd, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);
        if (written <= 0) return;
        bytes += written;
        count -= (size_t)written;
    }
}

void tscn_guard_restore(void) {
    if (!armed) return;
    armed = 0;
    write_all(tty, reset_bytes, sizeof reset_bytes - 1);
    if (has_modes) tcsetattr(tty, TCSANOW, &saved_modes);
}

// The message of a fatal error went to the log with the rest of standard error; without this nobody would see it.
static void show_log_tail(void) {
    if (real_stderr < 0) return;
    dup2(real_stderr, STDERR_FILENO);
    real_stderr = -1;
    off_t end = lseek(log_fd, 0, SEEK_END);
    off_t start = end - log_start > 4096 ? end - 4096 : log_start;
    char buffer[1024];
    while (start < end) {
        ssize_t count = pread(log_fd, buffer, sizeof buffer, start);
        if (count <= 0) return;
        write_all(STDERR_FILENO, buffer, (size_t)count);
        start += count;
    }
}

static void on_fault(int number, siginfo_t *info, void *context) {
    (void)context;
    bool was_armed = armed;
    tscn_guard_restore();
    if (was_armed) show_log_tail();
    for (int i = 0; i < FAULTS; i++) sigaction(faults[i], &previous[i], NULL);
    // A fault of the program's own repeats when this returns. One that was sent, or a trap that was stepped over, does
    // not, and the previous handler may count on the repetition: so it is called here, and then nobody's is.
    if (info->si_code > 0 && number != SIGTRAP && number != SIGABRT) return;
    sigset_t this_one;
    sigemptyset(&this_one);
    sigaddset(&this_one, number);
    pthread_sigmask(SIG_UNBLOCK, &this_one, NULL);
    raise(number);
    signal(number, SIG_DFL);
    raise(number);
}

// `exit` without leaving first.
static void on_exit_restore(void) {
    if (!armed) return;
    tscn_guard_restore();
    show_log_tail();
}

static void ensure_alternate_stack(void) {
    static char stack[32768];
    stack_t current;
    if (sigaltstack(NULL, &current) != 0 || !(current.ss_flags & SS_DISABLE)) return;
    stack_t ours = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&ours, NULL);
}

void tscn_guard_arm(int fd) {
    static bool has_exit_handler;
    if (!has_exit_handler) has_exit_handler = atexit(on_exit_restore) == 0;
    if (armed) return;
    // A duplicate of our own: stdio closes its own before late exit handlers run.
    tty = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    has_modes = tcgetattr(tty, &saved_modes) == 0;
    ensure_alternate_stack();
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < FAULTS; i++) sigaction(faults[i], &action, &previous[i]);
    armed = 1;
}

void tscn_guard_disarm(void) {
    if (!armed) return;
    armed = 0;
    // ncurses restores the modes it met, which are the same unless something else changed them in between.
    if (has_modes) tcsetattr(tty, TCSADRAIN, &saved_modes);
    for (int i = 0; i < FAULTS; i++) sigaction(faults[i], &previous[i], NULL);
    close(tty);
    tty = -1;
}

bool tscn_capture_stderr(int log) {
    int copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) return false;
    if (dup2(log, STDERR_FILENO) < 0) {
        close(copy);
        return false;
    }
    log_start = lseek(log, 0, SEEK_END);
    log_fd = log;
    real_stderr = copy;
    return true;
}

void tscn_release_stderr(void) {
    int copy = real_stderr;
    if (copy < 0) return;
    real_stderr = -1;
    log_fd = -1;
    dup2(copy, STDERR_FILENO);
    close(copy);
}
