#!/bin/sh
# Reads a list of books, one in each line.

import_line() {
    printf '%s\n' "$1"
}

while read -r line; do
    import_line "$line"
done <"$1"
