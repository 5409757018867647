// Normalisations of one row.
#include "CKernels.h"
#include "internal.h"
#include "lanes.h"

TSK_CLONES void tsk_rms_norm(const float *x, const float *weight, float epsilon, size_t count, float *out) {
    float squares = 0;
    SUM_OF_PRODUCTS(squares, x, x, count);
    const float scale = 1.0f / sqrtf(squares / (float)count + epsilon);
    for (size_t i = 0; i < count; i++) out[i] = x[i] * scale * weight[i];
}

// Two passes: variance as mean square minus squared mean would cancel where a stream has a large offset.
TSK_CLONES void tsk_layer_norm(
    const float *x, const float *weight, const float *bias, float epsilon, size_t count, float *out) {
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
    const float mean = sum / (float)count;

    s0 = s1 = s2 = s3 = (vector){0};
    for (i = 0; i + STEP <= count; i += STEP) {
        const vector a = LOAD(x + i) - mean, b = LOAD(x + i + WIDTH) - mean;
        const vector c = LOAD(x + i + 2 * WIDTH) - mean, d = LOAD(x + i + 3 * WIDTH) - mean;
        s0 += a * a;
        s1 += b * b;
        s2 += c * c;
        s3 += d * d;
    }
    float squares = 0;
    SUM_OF(squares, s0, s1, s2, s3);
    for (; i < count; i++) squares += (x[i] - mean) * (x[i] - mean);
    const float scale = 1.0f / sqrtf(squares / (float)count + epsilon);
    if (bias) {
        for (i = 0; i < count; i++) out[i] = (x[i] - mean) * scale * weight[i] + bias[i];
    } else {
        for (i = 0; i < count; i++) out[i] = (x[i] - mean) * scale * weight[i];
    }
}
