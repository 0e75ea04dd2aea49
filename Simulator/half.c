// Half precision (IEEE 754 binary16), to the nearest with ties to even.
#include "simulator.h"

static float from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint32_t to_bits(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

float half_decode(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16, magnitude = half & 0x7FFF;
    if (magnitude < 0x0400) {
        float small = (float)magnitude * 0x1p-24f;
        return sign ? -small : small;
    }
    if (magnitude >= 0x7C00) {
        return from_bits(sign | 0x7F800000 | magnitude << 13);
    }
    return from_bits(sign | ((magnitude << 13) + 0x38000000));
}

float half_round(float value) {
    uint32_t bits = to_bits(value), sign = bits & 0x80000000, magnitude = bits & 0x7FFFFFFF;
    // Normal numbers: drop 13 bits of the fraction. Smaller ones: 1/2 has just the steps that they have.
    uint32_t rounded = (magnitude + 0x0FFF + (magnitude >> 13 & 1)) & ~(uint32_t)0x1FFF;
    uint32_t small = to_bits((from_bits(magnitude) + 0.5f) - 0.5f);
    uint32_t result = magnitude < 0x38800000 ? small : rounded;
    result = rounded >= 0x47800000 ? 0x7F800000 : result;
    result = magnitude > 0x7F800000 ? magnitude : result;
    return from_bits(sign | result);
}

uint16_t half_encode(float value) {
    uint32_t bits = to_bits(half_round(value)), magnitude = bits & 0x7FFFFFFF;
    uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
    if (magnitude >= 0x7F800000) {
        return sign | 0x7C00 | (magnitude > 0x7F800000 ? 0x0200 : 0);
    }
    if (magnitude < 0x38800000) {
        return sign | (uint16_t)(from_bits(magnitude) * 0x1p24f);
    }
    return sign | (uint16_t)((magnitude - 0x38000000) >> 13);
}
