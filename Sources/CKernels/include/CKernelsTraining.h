// Sparse rows, top-k screening and the Adam step: the inner loops of sparse autoencoders.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// y[i] += sum over r < count of weight[r] * rows[index[r] * stride + i], for i < width.
void tsk_gather_sum(
    const float *rows, size_t stride, const int32_t *index, const float *weight, size_t count, float *y, size_t width);

/// out[r] = dot(rows[index[r] * stride ...], x), for r < count, over `width` elements.
void tsk_gather_dot(
    const float *rows, size_t stride, const int32_t *index, size_t count, const float *x, size_t width, float *out);

/// First i in start ..< count with x[i] > floor; `count` when there is none.
size_t tsk_next_above(const float *x, size_t start, size_t count, float floor);

/// The numbers of one Adam step (Kingma and Ba 2015). The corrections are 1 / (1 - beta^step).
struct tsk_adam {
    float rate, beta1, beta2, correction1, correction2, epsilon;
};

/// Updates the moments and takes one step, in one pass: w -= rate * m^ / (sqrt(v^) + epsilon).
void tsk_adam_update(float *w, float *m, float *v, const float *gradient, size_t count, const struct tsk_adam *step);
