// Products, reductions and rotations of the forward pass.
#include <math.h>
#include <string.h>

#include "CKernels.h"
#include "internal.h"
#include "lanes.h"

TSK_CLONES float tsk_dot(const float *restrict a, const float *restrict b, size_t count) {
    float sum = 0;
    SUM_OF_PRODUCTS(sum, a, b, count);
    return sum;
}

TSK_CLONES void tsk_axpy(float alpha, const float *restrict x, float *restrict y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] += alpha * x[i];
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
        float sum = 0;
        SUM_OF_PRODUCTS(sum, query, key, width);
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

TSK_CLONES void tsk_rotate_halves(float *restrict x, const float *restrict cosine, const float *restrict sine, size_t pairs) {
    float *restrict y = x + pairs;
    for (size_t j = 0; j < pairs; j++) {
        const float a = x[j], b = y[j];
        x[j] = a * cosine[j] - b * sine[j];
        y[j] = a * sine[j] + b * cosine[j];
    }
}

TSK_CLONES int tsk_all_finite(const float *x, size_t count) {
    const uint32_t exponent = 0x7F800000;
    // Blocks, so that a long row with an early infinity is not read to its end.
    for (size_t start = 0; start < count; start += 4096) {
        const size_t end = count - start < 4096 ? count : start + 4096;
        uint32_t found = 0;
        for (size_t i = start; i < end; i++) {
            uint32_t bits;
            memcpy(&bits, x + i, 4);
            found |= (bits & exponent) == exponent;
        }
        if (found) return 0;
    }
    return 1;
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
