// Half precision: every number, and every border between two.
#include "check.h"

#include <math.h>

#include "simulator.h"

static void every_number_comes_back(void) {
    int wrong = 0;
    for (unsigned code = 0; code < 0x10000; code++) {
        float value = half_decode((uint16_t)code);
        bool number = (code & 0x7C00) != 0x7C00 || (code & 0x3FF) == 0;
        wrong += number && (half_encode(value) != code || half_round(value) != value);
        wrong += !number && (!isnan(value) || !isnan(half_decode(half_encode(value))));
    }
    EQUAL(wrong, 0);
}

/// Between two neighbors lies one border: it belongs to the even one, what is beside it to the nearer.
static void borders_go_to_the_even(void) {
    int wrong = 0;
    for (unsigned code = 0; code < 0x7BFF; code++) {
        float below = half_decode((uint16_t)code), above = half_decode((uint16_t)(code + 1));
        float border = below + (above - below) / 2;
        wrong += half_encode(border) != code + (code & 1);
        wrong += half_encode(nextafterf(border, 0)) != code;
        wrong += half_encode(nextafterf(border, INFINITY)) != code + 1;
        wrong += half_encode(-border) != (0x8000 | (code + (code & 1)));
    }
    EQUAL(wrong, 0);
    EQUAL(half_encode(65519.996f), 0x7BFF);
    EQUAL(half_encode(65520), 0x7C00);
    EQUAL(half_encode(1e30f), 0x7C00);
    EQUAL(half_encode(-INFINITY), 0xFC00);
    CHECK(isnan(half_round(NAN)));
}

void test_halves(void) {
    every_number_comes_back();
    borders_go_to_the_even();
}
