// Keys and mouse, as ncurses reads them.
#include "CNcurses.h"
#include "internal.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

// Codes for define_key lie above all of ncurses' own and below 2^16, which its key trie can hold.
enum { PASTE_BEGIN = 0x4000, PASTE_END = 0x4001, MODIFIED = 0x4100, PLAIN = 0x5000 };

static bool mouse_on;

// Both ways in which terminals send the plain keys. terminfo knows one of them, and TERM is often not quite true.
static void define_plain_keys(void) {
    static const struct { const char *sequence; int code; } keys[] = {
        {"\033[A", KEY_UP}, {"\033OA", KEY_UP}, {"\033[B", KEY_DOWN}, {"\033OB", KEY_DOWN},
        {"\033[C", KEY_RIGHT}, {"\033OC", KEY_RIGHT}, {"\033[D", KEY_LEFT}, {"\033OD", KEY_LEFT},
        {"\033[H", KEY_HOME}, {"\033OH", KEY_HOME}, {"\033[1~", KEY_HOME}, {"\033[7~", KEY_HOME},
        {"\033[F", KEY_END}, {"\033OF", KEY_END}, {"\033[4~", KEY_END}, {"\033[8~", KEY_END},
        {"\033[2~", KEY_IC}, {"\033[3~", KEY_DC}, {"\033[5~", KEY_PPAGE}, {"\033[6~", KEY_NPAGE},
        {"\033[Z", KEY_BTAB}, {"\033OP", KEY_F(1)}, {"\033OQ", KEY_F(2)}, {"\033OR", KEY_F(3)}, {"\033OS", KEY_F(4)},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        // terminfo entries also bind some of these to names of their own, which mean nothing to ncurses.
        int known = key_defined(keys[i].sequence);
        if (known == 0 || known > KEY_MAX) define_key(keys[i].sequence, PLAIN + keys[i].code);
    }
}

void tscn_define_keys(void) {
    define_plain_keys();
    define_key("\033[200~", PASTE_BEGIN);
    define_key("\033[201~", PASTE_END);
    // xterm's way to send modifiers, which all of today's terminals follow: 1 + a sum of the tscn_modifier bits.
    static const struct { enum tscn_key key; char final; int number; } keys[] = {
        {TSCN_KEY_UP, 'A', 1},     {TSCN_KEY_DOWN, 'B', 1},   {TSCN_KEY_RIGHT, 'C', 1},   {TSCN_KEY_LEFT, 'D', 1},
        {TSCN_KEY_HOME, 'H', 1},   {TSCN_KEY_END, 'F', 1},    {TSCN_KEY_INSERT, '~', 2},  {TSCN_KEY_DELETE, '~', 3},
        {TSCN_KEY_PAGE_UP, '~', 5}, {TSCN_KEY_PAGE_DOWN, '~', 6},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        for (int modifiers = 1; modifiers < 8; modifiers++) {
            char sequence[16];
            snprintf(sequence, sizeof sequence, "\033[%d;%d%c", keys[i].number, modifiers + 1, keys[i].final);
            define_key(sequence, MODIFIED + (int)keys[i].key * 8 + modifiers);
        }
    }
}

static enum tscn_key key_of(int code, unsigned *modifiers) {
    if (code >= MODIFIED && code < MODIFIED + TSCN_KEY_F0 * 8) {
        *modifiers = (unsigned)(code - MODIFIED) % 8;
        return (enum tscn_key)((code - MODIFIED) / 8);
    }
    // A code of our own beside ncurses' one: define_key would take the terminfo sequence away from the latter.
    if (code > PLAIN && code <= PLAIN + KEY_MAX) code -= PLAIN;
    if (code >= KEY_F(1) && code <= KEY_F(24)) return TSCN_KEY_F0 + (code - KEY_F0);
    switch (code) {
    case KEY_UP: return TSCN_KEY_UP;
    case KEY_DOWN: return TSCN_KEY_DOWN;
    case KEY_RIGHT: return TSCN_KEY_RIGHT;
    case KEY_LEFT: return TSCN_KEY_LEFT;
    case KEY_HOME: case KEY_FIND: return TSCN_KEY_HOME;
    case KEY_END: case KEY_SELECT: return TSCN_KEY_END;
    case KEY_IC: return TSCN_KEY_INSERT;
    case KEY_DC: return TSCN_KEY_DELETE;
    case KEY_PPAGE: return TSCN_KEY_PAGE_UP;
    case KEY_NPAGE: return TSCN_KEY_PAGE_DOWN;
    case KEY_BACKSPACE: return TSCN_KEY_BACKSPACE;
    case KEY_ENTER: return TSCN_KEY_ENTER;
    }
    *modifiers = TSCN_SHIFT;
    switch (code) {
    case KEY_BTAB: return TSCN_KEY_TAB;
    case KEY_SR: return TSCN_KEY_UP;
    case KEY_SF: return TSCN_KEY_DOWN;
    case KEY_SRIGHT: return TSCN_KEY_RIGHT;
    case KEY_SLEFT: return TSCN_KEY_LEFT;
    case KEY_SHOME: return TSCN_KEY_HOME;
    case KEY_SEND: return TSCN_KEY_END;
    case KEY_SDC: return TSCN_KEY_DELETE;
    case KEY_SPREVIOUS: return TSCN_KEY_PAGE_UP;
    case KEY_SNEXT: return TSCN_KEY_PAGE_DOWN;
    }
    *modifiers = 0;
    return TSCN_KEY_OTHER;
}

static struct tscn_input mouse_input(void) {
    struct tscn_input result = {.kind = TSCN_MOUSE, .value = TSCN_MOUSE_OTHER};
    MEVENT event;
    if (getmouse(&event) != OK) return result;
    result.x = event.x;
    result.y = event.y;
    if (event.bstate & BUTTON_SHIFT) result.modifiers |= TSCN_SHIFT;
    if (event.bstate & BUTTON_ALT) result.modifiers |= TSCN_ALT;
    if (event.bstate & BUTTON_CTRL) result.modifiers |= TSCN_CONTROL;
    static const mmask_t pressed[] = {BUTTON1_PRESSED, BUTTON2_PRESSED, BUTTON3_PRESSED};
    static const mmask_t released[] = {BUTTON1_RELEASED, BUTTON2_RELEASED, BUTTON3_RELEASED};
    for (int button = 0; button < 3; button++) {
        if (event.bstate & (pressed[button] | released[button])) {
            result.value = event.bstate & pressed[button] ? TSCN_MOUSE_PRESS : TSCN_MOUSE_RELEASE;
            result.button = button + 1;
            return result;
        }
    }
    if (event.bstate & BUTTON4_PRESSED) result.value = TSCN_MOUSE_WHEEL_UP;
    else if (event.bstate & BUTTON5_PRESSED) result.value = TSCN_MOUSE_WHEEL_DOWN;
    else if (event.bstate & REPORT_MOUSE_POSITION) result.value = TSCN_MOUSE_MOVE;
    return result;
}

// Bytes of a paste that are known to wait. It is read a few bytes at a time, so one system call less each time counts.
static int waiting;

struct tscn_input tscn_next_input(void) {
    struct tscn_input result = {.kind = TSCN_NOTHING};
    wint_t value = 0;
    waiting = 0;
    switch (get_wch(&value)) {
    case OK:
        result.kind = TSCN_CHARACTER;
        result.value = (uint32_t)value;
        return result;
    case KEY_CODE_YES:
        if (value == KEY_MOUSE) return mouse_input();
        result.kind = value == PASTE_BEGIN ? TSCN_PASTE_BEGIN : TSCN_KEY;
        result.value = key_of((int)value, &result.modifiers);
        return result;
    default: return result;
    }
}

static short input_state(void) {
    struct pollfd ready = {.fd = tscn_input_fd(), .events = POLLIN};
    return poll(&ready, 1, 0) > 0 ? ready.revents : 0;
}

int tscn_read_bytes(uint8_t *bytes, int count) {
    if (waiting <= 0 && (ioctl(tscn_input_fd(), FIONREAD, &waiting) != 0 || waiting <= 0)) {
        waiting = 0;
        if (!(input_state() & POLLIN)) return 0;
    }
    if (waiting > 0 && count > waiting) count = waiting;
    ssize_t got;
    do got = read(tscn_input_fd(), bytes, (size_t)count);
    while (got < 0 && errno == EINTR);
    waiting = got > 0 && waiting > got ? waiting - (int)got : 0;
    return got > 0 ? (int)got : -1;
}

bool tscn_input_closed(void) { return input_state() & (POLLHUP | POLLERR | POLLNVAL); }

bool tscn_mouse_is_on(void) { return mouse_on; }

bool tscn_set_mouse(bool on) {
    mmask_t wanted = BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON2_PRESSED | BUTTON2_RELEASED | BUTTON3_PRESSED
        | BUTTON3_RELEASED | BUTTON4_PRESSED | BUTTON5_PRESSED | BUTTON_SHIFT | BUTTON_ALT | BUTTON_CTRL
        | REPORT_MOUSE_POSITION;
    if (!on) {
        if (mouse_on) tscn_write(TSCN_MOUSE_DRAG_OFF);
        mousemask(0, NULL);
        mouse_on = false;
        return true;
    }
    mouseinterval(0); // clicks are counted by the session; waiting for a second one would delay the first
    mouse_on = mousemask(wanted, NULL) != 0;
    if (mouse_on) tscn_write(TSCN_MOUSE_DRAG_ON);
    return mouse_on;
}
