// Inner loops of sparse autoencoders: gathers over active latents, screening for top-k, Adam.
#include <math.h>

#include "CKernelsTraining.h"
#include "internal.h"

TSK_CLONES void tsk_gather_sum(
    const float *restrict rows, size_t stride, const int32_t *restrict index, const float *restrict weight, size_t count,
    float *restrict y, size_t width) {
    size_t r = 0;
    // Four rows at a time: y then travels to and from the first-level cache once for four multiply-adds.
    for (; r + 4 <= count; r += 4) {
        const float *restrict a = rows + (size_t)index[r] * stride;
        const float *restrict b = rows + (size_t)index[r + 1] * stride;
        const float *restrict c = rows + (size_t)index[r + 2] * stride;
        const float *restrict d = rows + (size_t)index[r + 3] * stride;
        const float wa = weight[r], wb = weight[r + 1], wc = weight[r + 2], wd = weight[r + 3];
        for (size_t i = 0; i < width; i++) y[i] += (wa * a[i] + wb * b[i]) + (wc * c[i] + wd * d[i]);
    }
    for (; r < count; r++) {
        const float *restrict a = rows + (size_t)index[r] * stride;
        const float wa = weight[r];
        for (size_t i = 0; i < width; i++) y[i] += wa * a[i];
    }
}

enum { LANES = 64 };

static inline float dot(const float *restrict a, const float *restrict b, size_t count) {
    float lanes[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        for (int j = 0; j < LANES; j++) lanes[j] += a[i + j] * b[i + j];
    }
    float sum = 0;
    for (int j = 0; j < LANES; j++) sum += lanes[j];
    for (; i < count; i++) sum += a[i] * b[i];
    return sum;
}

TSK_CLONES void tsk_gather_dot(
    const float *restrict rows, size_t stride, const int32_t *restrict index, size_t count, const float *restrict x,
    size_t width, float *restrict out) {
    for (size_t r = 0; r < count; r++) out[r] = dot(rows + (size_t)index[r] * stride, x, width);
}

TSK_CLONES size_t tsk_next_above(const float *x, size_t start, size_t count, float floor) {
    size_t i = start;
    // Nearly every block holds nothing above the floor, so a block is first asked as a whole.
    for (; i + 32 <= count; i += 32) {
        int found = 0;
        for (int j = 0; j < 32; j++) found |= x[i + j] > floor;
        if (found) break;
    }
    for (; i < count; i++) {
        if (x[i] > floor) return i;
    }
    return count;
}

// Plain sqrtf may set errno, which keeps a loop from being vectorised.
#if defined(__has_builtin)
#if __has_builtin(__builtin_elementwise_sqrt)
#define SQRT(x) __builtin_elementwise_sqrt(x)
#endif
#endif
#ifndef SQRT
#define SQRT(x) sqrtf(x)
#endif

TSK_CLONES void tsk_adam_update(
    float *restrict w, float *restrict m, float *restrict v, const float *restrict gradient, size_t count,
    const struct tsk_adam *restrict step) {
    const float beta1 = step->beta1, beta2 = step->beta2, epsilon = step->epsilon;
    const float rest1 = 1.0f - beta1, rest2 = 1.0f - beta2;
    const float rate = step->rate * step->correction1, correction2 = step->correction2;
    for (size_t i = 0; i < count; i++) {
        const float g = gradient[i];
        const float first = beta1 * m[i] + rest1 * g;
        const float second = beta2 * v[i] + rest2 * g * g;
        m[i] = first;
        v[i] = second;
        w[i] -= rate * first / (SQRT(second * correction2) + epsilon);
    }
}
