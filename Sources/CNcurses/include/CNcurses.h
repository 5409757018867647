// ncursesw and the guard of the terminal, as small functions that Swift can call.
//
// Swift cannot use curses.h itself: `stdscr` is a mutable global, much of the rest are macros or variadic. Functions
// here do one thing each; what to do when is decided in TerminalCurses. All of them belong to the main thread, except
// where a comment says that they run in a signal handler.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Screen (screen.c)

enum tscn_status {
    TSCN_OK = 0,
    TSCN_NO_TTY,           // there is no controlling terminal
    TSCN_UNKNOWN_TERMINAL, // terminfo has no entry for TERM
    TSCN_NO_CURSOR,        // the entry cannot place the cursor
    TSCN_FAILED,           // ncurses refused
};

/// Sets the character type of the process locale from the environment. An environment that names no locale at all means
/// UTF-8 here, as in other programs of today. Returns whether the outcome is UTF-8.
bool tscn_set_locale(void);

/// Opens /dev/tty and takes it over: alternate screen, raw keys, no echo, default colours.
enum tscn_status tscn_enter(void);
/// Gives the terminal back. Does nothing when it is not ours.
void tscn_leave(void);
/// Leaves the screen without letting go of the terminal, before the process stops; `tscn_resume` undoes it.
void tscn_pause(void);
void tscn_resume(void);

/// File descriptor that keys come from; -1 when the terminal is not ours.
int tscn_input_fd(void);
/// Bytes the terminal has not taken yet; 0 where that is not known.
int tscn_output_backlog(void);
int tscn_colors(void);
int tscn_color_pairs(void);
int tscn_rows(void);
int tscn_columns(void);

/// Asks the kernel for the window size and tells ncurses.
void tscn_update_size(void);
/// Makes the next refresh write every cell again, over what is there.
void tscn_redraw_all(void);
/// Makes the next refresh clear the terminal first, for when its content is unknown.
void tscn_clear_next(void);

/// Colours are palette entries, `0xRRGGBB` with direct colour, or -1 for the terminal's own.
bool tscn_define_pair(int pair, int foreground, int background);

enum tscn_attribute { TSCN_BOLD = 1, TSCN_DIM = 2, TSCN_UNDERLINE = 4, TSCN_REVERSE = 8, TSCN_ITALIC = 16 };

/// Puts one base with at most four marks into the cell at row `y` and column `x`.
void tscn_put(int y, int x, const uint32_t *scalars, size_t count, unsigned attributes, int pair);
/// Sends the differences and leaves the cursor at the given place.
void tscn_refresh(int y, int x, bool shows_cursor);

// MARK: Input (input.c)

enum tscn_input_kind { TSCN_NOTHING, TSCN_CHARACTER, TSCN_KEY, TSCN_MOUSE, TSCN_PASTE_BEGIN };

enum tscn_key {
    TSCN_KEY_OTHER, TSCN_KEY_UP, TSCN_KEY_DOWN, TSCN_KEY_RIGHT, TSCN_KEY_LEFT, TSCN_KEY_HOME, TSCN_KEY_END,
    TSCN_KEY_INSERT, TSCN_KEY_DELETE, TSCN_KEY_PAGE_UP, TSCN_KEY_PAGE_DOWN, TSCN_KEY_BACKSPACE, TSCN_KEY_ENTER,
    TSCN_KEY_TAB, TSCN_KEY_F0, // F1 is TSCN_KEY_F0 + 1
};

enum tscn_modifier { TSCN_SHIFT = 1, TSCN_ALT = 2, TSCN_CONTROL = 4 };

enum tscn_mouse {
    TSCN_MOUSE_OTHER, TSCN_MOUSE_PRESS, TSCN_MOUSE_RELEASE, TSCN_MOUSE_MOVE, TSCN_MOUSE_WHEEL_UP, TSCN_MOUSE_WHEEL_DOWN,
};

struct tscn_input {
    enum tscn_input_kind kind;
    uint32_t value;     // the scalar of a character, the tscn_key of a key, the tscn_mouse of a mouse event
    unsigned modifiers; // of keys and the mouse
    int button;         // 1 to 3
    int x, y;
};

/// Takes the next input, without waiting.
struct tscn_input tscn_next_input(void);
/// Reads raw bytes past ncurses, for what lies between the ends of a paste. Returns 0 when there are none now, -1 at
/// the end.
int tscn_read_bytes(uint8_t *bytes, int count);
/// Whether the other side of the terminal has gone.
bool tscn_input_closed(void);
/// Turns reports of buttons, wheel and dragging on or off. Returns false when the terminal has no mouse.
bool tscn_set_mouse(bool on);

// MARK: Guard (guard.c)

/// From here on, however the process ends, the terminal is given back as it is now: on faults by a signal handler that
/// writes fixed bytes, on `exit` by a handler of its own. `tty` is where the bytes go.
void tscn_guard_arm(int tty);
void tscn_guard_disarm(void);

/// Sends what is written to standard error into `log` (a descriptor open for reading and writing) until
/// `tscn_release_stderr`. After a fault the tail of it is copied to the terminal.
bool tscn_capture_stderr(int log);
void tscn_release_stderr(void);

// MARK: Signals (signals.c)

/// Turns INT, TERM, HUP, TSTP, CONT and WINCH into bytes of a pipe, so that they are met in the event loop. Returns the
/// descriptor to read signal numbers from, -1 on failure. A second INT, TERM or HUP while the first was not read gives
/// the terminal back and ends the process.
int tscn_signals_start(void);
void tscn_signals_stop(void);
/// The next signal's number; 0 when there is none.
int tscn_signals_next(void);
/// Stops the process group as Ctrl-Z would. Returns after it was continued; false when it did not stop, for want of job
/// control.
bool tscn_stop_process_group(void);
