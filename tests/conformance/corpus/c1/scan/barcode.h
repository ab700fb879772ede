#ifndef BARCODE_H
#define BARCODE_H

#define BARCODE_DIGITS 8

struct barcode {
    unsigned char digits[BARCODE_DIGITS];
};

int barcode_is_valid(const struct barcode *code);

#endif
