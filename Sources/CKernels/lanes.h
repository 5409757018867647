// Vectors of sixteen floats, which each clone of a function maps to the registers it has.
//
// Floating-point sums may not be reordered by the compiler, so reductions keep four vectors of partial sums of their own.
#pragma once

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef float vector __attribute__((vector_size(64), aligned(4)));
typedef float eight __attribute__((vector_size(32)));
typedef float four __attribute__((vector_size(16)));
enum { WIDTH = 16, STEP = 4 * WIDTH };

#define LOAD(x) (*(const vector *)(x))

// Sum of four vectors by halves: a chain of sixteen additions would take longer than the products before it. A macro, since
// a vector that crosses a function boundary would have another ABI in each clone.
#define SUM_OF(total, a, b, c, d)                                                                          \
    do {                                                                                                   \
        const vector whole = ((a) + (b)) + ((c) + (d));                                                    \
        const eight half = __builtin_shufflevector(whole, whole, 0, 1, 2, 3, 4, 5, 6, 7) +                 \
                           __builtin_shufflevector(whole, whole, 8, 9, 10, 11, 12, 13, 14, 15);            \
        const four quarter =                                                                               \
            __builtin_shufflevector(half, half, 0, 1, 2, 3) + __builtin_shufflevector(half, half, 4, 5, 6, 7); \
        total += (quarter[0] + quarter[1]) + (quarter[2] + quarter[3]);                                    \
    } while (0)

// total += sum of a[j] * b[j] over `count` values. A macro for the same reason.
#define SUM_OF_PRODUCTS(total, a, b, count)                                        \
    do {                                                                           \
        vector s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};                             \
        size_t j = 0;                                                              \
        for (; j + STEP <= (count); j += STEP) {                                   \
            s0 += LOAD((a) + j) * LOAD((b) + j);                                   \
            s1 += LOAD((a) + j + WIDTH) * LOAD((b) + j + WIDTH);                   \
            s2 += LOAD((a) + j + 2 * WIDTH) * LOAD((b) + j + 2 * WIDTH);           \
            s3 += LOAD((a) + j + 3 * WIDTH) * LOAD((b) + j + 3 * WIDTH);           \
        }                                                                          \
        SUM_OF(total, s0, s1, s2, s3);                                             \
        for (; j < (count); j++) total += (a)[j] * (b)[j];                         \
    } while (0)

// exp for x <= 88, to about 1e-7 relative: 2^n by the exponent bits, the rest by a polynomial of degree 6.
static inline float fast_exp(float x) {
    x = x < -87.0f ? -87.0f : (x > 88.0f ? 88.0f : x);
    const float n = floorf(x * 1.44269504f + 0.5f);
    float r = x - n * 0.693359375f;
    r -= n * -2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    const int32_t bits = ((int32_t)n + 127) << 23;
    float power;
    memcpy(&power, &bits, 4);
    return p * power;
}
