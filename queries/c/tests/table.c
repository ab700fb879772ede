#include "table.h"
//        ^ import

static int depth, *limits[3] = { &depth };
//         ^ definition.variable
//                 ^ definition.variable
//                                ^ reference.identifier limits
struct table *current = NULL;
//     ^ reference.type
//            ^ definition.variable
char **names[2];
//     ^ definition.variable
static int (*handler)(int) = 0;
//           ^ definition.variable
char *(*printers[2])(int);
//      ^ definition.variable
static char *(*maker)(void) = 0;
//             ^ definition.variable

static struct {
    int seen;
//      ^ definition.field state
} state;
//^ definition.variable
struct { int low; } ranges[4];
//           ^ definition.field ranges
//                  ^ definition.variable

#if defined(TRACE)
//          ^ reference.identifier
static long traced = 1;
//          ^ definition.variable
#endif

// Called for every entry.
int visit(entry_t *entry) {
//  ^ definition.function
//        ^ reference.type visit
    int local = MAX_DEPTH;
//              ^ reference.identifier visit
    entry_t *next, other;
//  ^ reference.type visit
    static int calls;
    if (SLOT(current, local) == NULL)
//      ^ reference.call visit
        return entry->visit(&other, sizeof(struct node_s));
//                    ^ reference.call visit
//                                                ^ reference.type visit
    switch (local) {
    case KIND_SET:
//       ^ reference.identifier visit
        calls = (int)next_free(next);
//                   ^ reference.call visit
    }
    return calls;
}

static const struct command commands[] = {
//                  ^ reference.type
//                          ^ definition.variable
    { "visit", visit },
//             ^ reference.identifier commands
    { .name = "free", .run = release, .next = &commands[1] },
//                           ^ reference.identifier commands
    { .run = &visit },
//            ^ reference.identifier commands
};

char *duplicate(const char *text) { return strdup(text); }
//    ^ definition.function
//                                         ^ reference.call duplicate
char **split(char *text) { return 0; }
//     ^ definition.function
int (max)(int a, int b) { return a > b ? a : b; }
//   ^ definition.function
void (*on_signal(int signal))(int) { return 0; }
//     ^ definition.function
int old_style(a) int a; { return a; }
//  ^ definition.function
STACK_OF(point) *points(void);
// <- reference.call points
//       ^ reference.type points
//               ^ definition.function

#ifdef TABLE_DEBUG
//     ^ reference.identifier
int checks, *last;
//  ^ definition.variable
//           ^ definition.variable
#else
static table_t spare = 1;
//             ^ definition.variable
#endif
int check(table_t *table) {
//  ^ definition.function
#ifdef TABLE_DEBUG
    static int calls = 0;
    table_t before, *found = table;
    extern int more(table_t *table);
#endif
    return visit(table);
}
LOOP_OVER(table) {
    int seen = 0;
#if TABLE_DEBUG
    static int times;
#endif
}
