/* A table of entries. */
#ifndef TABLE_H
//      ^ reference.identifier
#define TABLE_H

#include <stddef.h>
//        ^ import
#include "list/entry.h"
//        ^ import

#define TABLE_SIZE 64
//      ^ definition.macro
#define TABLE_TRACE
//      ^ definition.macro
#define SLOT(t, n) ((t)->slots[(n)])
//      ^ definition.macro

#ifdef TABLE_TRACE
//     ^ reference.identifier
extern int table_level;
//         ^ definition.variable
#else
static const char *table_trace[2] = { "off", "on" };
//                 ^ definition.variable
#endif

/* Told apart by their first byte. */
enum table_kind { KIND_MAP, KIND_SET = 2 };
//   ^ definition.enumeration
//                ^ definition.variant table_kind
//                          ^ definition.variant table_kind
typedef enum { ASCENDING, DESCENDING } direction;
//             ^ definition.variant direction
//                        ^ definition.variant direction
//                                     ^ definition.enumeration

typedef struct entry entry_t;
//             ^ reference.type
//                   ^ definition.type
typedef unsigned char digest[16], *bytes;
//                    ^ definition.type
//                                 ^ definition.type
typedef int (*compare_fn)(const entry_t *, const entry_t *);
//            ^ definition.type
//                              ^ reference.type
typedef struct list *(*list_fn)(void);
//             ^ reference.type
//                     ^ definition.type
typedef void hook_fn(int);
//           ^ definition.type
typedef unsigned long words, *word_list;
//                    ^ definition.type
//                            ^ definition.type
typedef long table_off_t, intptr_t;
//           ^ definition.type
//                        ^ definition.type

typedef struct table {
//             ^ definition.struct
    struct entry *slots[TABLE_SIZE], **spare;
//         ^ reference.type table
//                ^ definition.field table
//                      ^ reference.identifier
//                                     ^ definition.field table
    unsigned used : 31;
//           ^ definition.field table
    int (*compare)(const void *, const void *);
//        ^ definition.field table
    char *(*print)(int);
//          ^ definition.field table
    int grid[2][3], ***deep;
//      ^ definition.field table
//                     ^ definition.field table
    union {
        int number;
//          ^ definition.field table.value
        float real;
//            ^ definition.field table.value
    } value;
//    ^ definition.field table
} table;

typedef struct node_s { int key; } node_t, *node_ptr;
//             ^ definition.struct
//                          ^ definition.field node_s
//                                 ^ definition.type
//                                          ^ definition.type
typedef struct {
    double x;
//         ^ definition.field point
} point;
//^ definition.struct
typedef union {
    int whole;
//      ^ definition.field number
} number;
//^ definition.union
union either { int left; int right; };
//    ^ definition.union
//                 ^ definition.field either
//                           ^ definition.field either

extern table *table_new(size_t size);
//     ^ reference.type
//            ^ definition.function
char **table_names(const table *t);
//     ^ definition.function
int table_used(void), table_free(void);
//  ^ definition.function
//                    ^ definition.function
extern "C" {
    extern const char *table_version;
//                     ^ definition.variable
}
void (*table_handler(int signal))(int);
//     ^ definition.function

#endif
