// The screen itself: taking the terminal over, drawing, giving it back.
#include "CNcurses.h"
#include "internal.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

static SCREEN *screen;
static FILE *input, *output;

bool tscn_set_locale(void) {
    const char *names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    bool named = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        named = named || (value && *value);
    }
    if (!setlocale(LC_CTYPE, named ? "" : "C.UTF-8")) setlocale(LC_CTYPE, "C");
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static void close_files(void) {
    if (input) fclose(input);
    if (output) fclose(output);
    input = output = NULL;
}

static enum tscn_status check_terminal(int fd) {
    int found = 0;
    if (setupterm(NULL, fd, &found) != OK) return TSCN_UNKNOWN_TERMINAL;
    const char *cup = tigetstr("cup");
    return cup && cup != (char *)-1 ? TSCN_OK : TSCN_NO_CURSOR;
}

enum tscn_status tscn_enter(void) {
    input = fopen("/dev/tty", "re");
    output = fopen("/dev/tty", "we");
    enum tscn_status status = input && output ? check_terminal(fileno(output)) : TSCN_NO_TTY;
    if (status == TSCN_OK) {
        tscn_guard_arm(fileno(output));
        screen = newterm(NULL, output, input);
        if (!screen) {
            tscn_guard_disarm();
            status = TSCN_FAILED;
        }
    }
    if (status != TSCN_OK) {
        close_files();
        return status;
    }
    set_term(screen);
    set_escdelay(25); // long enough for a local sequence to arrive whole, too short to be felt
    raw();
    noecho();
    nonl(); // Enter is 13 and Ctrl-J 10, and ncurses may move the cursor with line feeds
    nodelay(stdscr, TRUE);
    keypad(stdscr, TRUE);
    scrollok(stdscr, FALSE);
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
    tscn_define_keys();
    refresh();
    tscn_write(TSCN_PASTE_ON);
    return TSCN_OK;
}

void tscn_leave(void) {
    if (!screen) return;
    tscn_set_mouse(false);
    tscn_write(TSCN_PASTE_OFF);
    endwin();
    if (!exit_ca_mode) tscn_write("\n"); // no other screen to go back to, so leave the last line alone
    delscreen(screen);
    screen = NULL;
    tscn_guard_disarm();
    close_files();
}

void tscn_pause(void) {
    tscn_write(TSCN_MOUSE_DRAG_OFF TSCN_PASTE_OFF);
    endwin();
}

void tscn_resume(void) {
    reset_prog_mode();
    clearok(curscr, TRUE);
    refresh();
    tscn_write(TSCN_PASTE_ON);
    if (tscn_mouse_is_on()) tscn_set_mouse(true);
}

void tscn_write(const char *bytes) {
    fputs(bytes, output);
    fflush(output);
}

int tscn_input_fd(void) { return input ? fileno(input) : -1; }

int tscn_output_backlog(void) {
    int bytes = 0;
    return output && ioctl(fileno(output), TIOCOUTQ, &bytes) == 0 ? bytes : 0;
}

int tscn_colors(void) { return has_colors() ? COLORS : 0; }
int tscn_color_pairs(void) { return has_colors() ? COLOR_PAIRS : 0; }
int tscn_rows(void) { return LINES; }
int tscn_columns(void) { return COLS; }

void tscn_update_size(void) {
    struct winsize size;
    if (ioctl(fileno(output), TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return;
    if (!is_term_resized(size.ws_row, size.ws_col)) return;
    int y, x;
    getyx(curscr, y, x);
    resize_term(size.ws_row, size.ws_col);
    // The terminal may have moved its cursor while ncurses still believes in the old place.
    y = y < size.ws_row ? y : size.ws_row - 1;
    x = x < size.ws_col ? x : size.ws_col - 1;
    wmove(curscr, y, x);
    putp(tparm(cursor_address, y, x));
}

void tscn_redraw_all(void) { redrawwin(stdscr); }
void tscn_clear_next(void) { clearok(curscr, TRUE); }

bool tscn_define_pair(int pair, int foreground, int background) {
    return init_extended_pair(pair, foreground, background) == OK;
}

void tscn_put(int y, int x, const uint32_t *scalars, size_t count, unsigned attributes, int pair) {
    wchar_t text[CCHARW_MAX + 1] = {0};
    for (size_t i = 0; i < count && i < CCHARW_MAX; i++) text[i] = (wchar_t)scalars[i];
    attr_t flags = A_NORMAL;
    if (attributes & TSCN_BOLD) flags |= A_BOLD;
    if (attributes & TSCN_DIM) flags |= A_DIM;
    if (attributes & TSCN_UNDERLINE) flags |= A_UNDERLINE;
    if (attributes & TSCN_REVERSE) flags |= A_REVERSE;
    if (attributes & TSCN_ITALIC) flags |= A_ITALIC;
    cchar_t cell;
    // Pairs past 32767 do not fit the short; ncurses 6 takes the int behind the last argument instead.
    if (setcchar(&cell, text, flags, 0, &pair) == OK) mvadd_wch(y, x, &cell);
}

void tscn_refresh(int y, int x, bool shows_cursor) {
    curs_set(shows_cursor ? 1 : 0);
    move(y, x);
    refresh();
}
