/* A header of C, read as C++. */
#ifndef TABLE_H
//      ^ reference.identifier
#define TABLE_H

#include "list/entry.h"
//        ^ import

#define SLOT(t, n) ((t)->slots[(n)])
//      ^ definition.macro

struct table {
//     ^ definition.struct
    struct entry *slots[16], **spare;
//         ^ reference.type table
//                ^ definition.field table
//                             ^ definition.field table
};
typedef unsigned long words, *word_list;
//                    ^ definition.type
//                            ^ definition.type
extern int table_level;
//         ^ definition.variable
int table_add(struct table *table, const char *name);
//  ^ definition.function
//                   ^ reference.type table_add
#endif
