// What the files of this target share.
#pragma once

#include <stdbool.h>

#define TSCN_PASTE_ON "\033[?2004h"
#define TSCN_PASTE_OFF "\033[?2004l"
// Drags, and reports in decimal numbers, which ncurses itself asks for where terminfo has them (MouseReport.swift).
#define TSCN_MOUSE_DRAG_ON "\033[?1002h\033[?1006h"
#define TSCN_MOUSE_DRAG_OFF "\033[?1006l\033[?1002l"

/// Writes a sequence that terminfo has no name for, after what ncurses has sent.
void tscn_write(const char *bytes);
/// Tells ncurses of paste marks and keys with modifiers, which most terminfo entries leave out.
void tscn_define_keys(void);
bool tscn_mouse_is_on(void);
/// Gives the terminal back with nothing but write and tcsetattr; may run in a signal handler.
void tscn_guard_restore(void);
