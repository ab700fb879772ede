#include "barcode.h"

static int checksum(const struct barcode *code)
{
    int sum = 0;
    for (int place = 0; place < BARCODE_DIGITS - 1; place++)
        sum += code->digits[place] * (place % 2 ? 3 : 1);
    return sum % 10;
}

int barcode_is_valid(const struct barcode *code)
{
    return checksum(code) == code->digits[BARCODE_DIGITS - 1];
}
