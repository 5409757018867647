// Element-wise loops and reductions of the forward pass.
//
// Floating-point sums may not be reordered by the compiler, so reductions keep four vectors of partial sums of their own.
#include <math.h>
#include <string.h>

#include "CKernels.h"
#include "internal.h"

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

TSK_CLONES float tsk_dot(const float *restrict a, const float *restrict b, size_t count) {
    vector s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    size_t i = 0;
    for (; i + STEP <= count; i += STEP) {
        s0 += LOAD(a + i) * LOAD(b + i);
        s1 += LOAD(a + i + WIDTH) * LOAD(b + i + WIDTH);
        s2 += LOAD(a + i + 2 * WIDTH) * LOAD(b + i + 2 * WIDTH);
        s3 += LOAD(a + i + 3 * WIDTH) * LOAD(b + i + 3 * WIDTH);
    }
    float sum = 0;
    SUM_OF(sum, s0, s1, s2, s3);
    for (; i < count; i++) sum += a[i] * b[i];
    return sum;
}

TSK_CLONES void tsk_axpy(float alpha, const float *restrict x, float *restrict y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] += alpha * x[i];
}

TSK_CLONES void tsk_rms_norm(const float *x, const float *weight, float epsilon, size_t count, float *out) {
    vector s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    size_t i = 0;
    for (; i + STEP <= count; i += STEP) {
        s0 += LOAD(x + i) * LOAD(x + i);
        s1 += LOAD(x + i + WIDTH) * LOAD(x + i + WIDTH);
        s2 += LOAD(x + i + 2 * WIDTH) * LOAD(x + i + 2 * WIDTH);
        s3 += LOAD(x + i + 3 * WIDTH) * LOAD(x + i + 3 * WIDTH);
    }
    float squares = 0;
    SUM_OF(squares, s0, s1, s2, s3);
    for (; i < count; i++) squares += x[i] * x[i];
    const float scale = 1.0f / sqrtf(squares / (float)count + epsilon);
    for (i = 0; i < count; i++) out[i] = x[i] * scale * weight[i];
}

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

TSK_CLONES void tsk_silu_multiply(float *restrict gate, const float *restrict up, size_t count) {
    for (size_t i = 0; i < count; i++) gate[i] = gate[i] / (1.0f + fast_exp(-gate[i])) * up[i];
}

static inline float maximum(const float *x, size_t count) {
    float largest = x[0];
    for (size_t i = 1; i < count; i++) largest = x[i] > largest ? x[i] : largest;
    return largest;
}

TSK_CLONES void tsk_softmax(float *x, size_t count) {
    if (count == 0) return;
    const float largest = maximum(x, count);
    // -87 is where fast_exp saturates: masked entries must become exactly zero.
    for (size_t i = 0; i < count; i++) x[i] = x[i] - largest > -87.0f ? fast_exp(x[i] - largest) : 0.0f;
    vector s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    size_t i = 0;
    for (; i + STEP <= count; i += STEP) {
        s0 += LOAD(x + i);
        s1 += LOAD(x + i + WIDTH);
        s2 += LOAD(x + i + 2 * WIDTH);
        s3 += LOAD(x + i + 3 * WIDTH);
    }
    float sum = 0;
    SUM_OF(sum, s0, s1, s2, s3);
    for (; i < count; i++) sum += x[i];
    const float scale = 1.0f / sum;
    for (i = 0; i < count; i++) x[i] *= scale;
}

float tsk_log_sum_exp(const float *x, size_t count) {
    if (count == 0) return -INFINITY;
    const float largest = maximum(x, count);
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += fast_exp(x[i] - largest);
    return largest + (float)log(sum);
}

TSK_CLONES void tsk_scores(
    const float *restrict query, const float *restrict keys, size_t positions, size_t width, float scale,
    float *restrict scores) {
    for (size_t p = 0; p < positions; p++) {
        const float *key = keys + p * width;
        vector s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
        size_t i = 0;
        for (; i + STEP <= width; i += STEP) {
            s0 += LOAD(query + i) * LOAD(key + i);
            s1 += LOAD(query + i + WIDTH) * LOAD(key + i + WIDTH);
            s2 += LOAD(query + i + 2 * WIDTH) * LOAD(key + i + 2 * WIDTH);
            s3 += LOAD(query + i + 3 * WIDTH) * LOAD(key + i + 3 * WIDTH);
        }
        float sum = 0;
        SUM_OF(sum, s0, s1, s2, s3);
        for (; i < width; i++) sum += query[i] * key[i];
        scores[p] = scale * sum;
    }
}

TSK_CLONES void tsk_add_weighted(
    const float *restrict weights, const float *restrict values, size_t positions, size_t width, float *restrict out) {
    size_t i = 0;
    for (; i + STEP <= width; i += STEP) {
        vector s0 = LOAD(out + i), s1 = LOAD(out + i + WIDTH), s2 = LOAD(out + i + 2 * WIDTH), s3 = LOAD(out + i + 3 * WIDTH);
        for (size_t p = 0; p < positions; p++) {
            const float *value = values + p * width + i;
            const float weight = weights[p];
            s0 += weight * LOAD(value);
            s1 += weight * LOAD(value + WIDTH);
            s2 += weight * LOAD(value + 2 * WIDTH);
            s3 += weight * LOAD(value + 3 * WIDTH);
        }
        *(vector *)(out + i) = s0;
        *(vector *)(out + i + WIDTH) = s1;
        *(vector *)(out + i + 2 * WIDTH) = s2;
        *(vector *)(out + i + 3 * WIDTH) = s3;
    }
    for (; i < width; i++) {
        for (size_t p = 0; p < positions; p++) out[i] += weights[p] * values[p * width + i];
    }
}

TSK_CLONES void tsk_rotate_pairs(float *restrict x, const float *restrict cosine, const float *restrict sine, size_t pairs) {
    for (size_t j = 0; j < pairs; j++) {
        const float a = x[2 * j], b = x[2 * j + 1];
        x[2 * j] = a * cosine[j] - b * sine[j];
        x[2 * j + 1] = a * sine[j] + b * cosine[j];
    }
}

size_t tsk_argmax(const float *x, size_t count) {
    size_t best = 0;
    for (size_t i = 1; i < count; i++) {
        if (x[i] > x[best]) best = i;
    }
    return best;
}

const char *tsk_instruction_set(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("x86-64-v4")) return "avx512";
    if (__builtin_cpu_supports("x86-64-v3")) return "avx2";
#endif
    return "baseline";
}
