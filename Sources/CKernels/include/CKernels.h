// The few hot loops that Swift and BLAS cannot express.
//
// Every function is pure: no globals, no allocation, no threads. Sizes are elements unless a name says bytes. Callers check
// shapes. Functions marked TSK_CLONES in the sources are compiled for AVX-512, AVX2 and baseline x86-64 and chosen at load time.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "CKernelsActivations.h"
#include "CKernelsProducts.h"
#include "CKernelsTraining.h"

// Block types of GGUF, numbered as in the file format.
enum tsk_block_type {
    TSK_F32 = 0, TSK_F16 = 1, TSK_Q4_0 = 2, TSK_Q4_1 = 3, TSK_Q5_0 = 6, TSK_Q5_1 = 7, TSK_Q8_0 = 8, TSK_Q2_K = 10,
    TSK_Q3_K = 11, TSK_Q4_K = 12, TSK_Q5_K = 13, TSK_Q6_K = 14, TSK_IQ4_NL = 20, TSK_IQ4_XS = 23, TSK_BF16 = 30,
};

/// Widens `count` elements of a row to fp32. `count` is a multiple of the type's block size. Returns 0, or -1 for an unknown type.
int tsk_dequantize(int type, const void *source, size_t count, float *destination);

/// Widens fp16 to fp32, and narrows with round to nearest even.
void tsk_f16_to_f32(const uint16_t *source, size_t count, float *destination);
void tsk_f32_to_f16(const float *source, size_t count, uint16_t *destination);

/// Widens 8-bit floats E4M3FN (Micikevicius et al. 2022: no infinities, 0x7F and 0xFF are NaN) to fp32.
void tsk_f8e4m3_to_f32(const uint8_t *source, size_t count, float *destination);

/// Sum of a[i] * b[i].
float tsk_dot(const float *a, const float *b, size_t count);

/// y[i] += alpha * x[i].
void tsk_axpy(float alpha, const float *x, float *y, size_t count);

/// out = x * rsqrt(mean(x^2) + eps) * weight (RMSNorm, Zhang and Sennrich 2019). `out` may be `x`.
void tsk_rms_norm(const float *x, const float *weight, float epsilon, size_t count, float *out);

/// out = (x - mean(x)) * rsqrt(variance(x) + eps) * weight + bias (LayerNorm, Ba et al. 2016). The variance divides by
/// `count`; `bias` may be NULL; `out` may be `x`.
void tsk_layer_norm(const float *x, const float *weight, const float *bias, float epsilon, size_t count, float *out);

/// Whether no value is infinite or NaN: 1 or 0.
int tsk_all_finite(const float *x, size_t count);

/// In place: x[i] = exp(x[i] - max(x)) / sum. Inputs may be -inf, not NaN.
void tsk_softmax(float *x, size_t count);

/// log(sum(exp(x[i]))), computed around the maximum.
float tsk_log_sum_exp(const float *x, size_t count);

/// scores[p] = scale * (query . keys[p]); `keys` is `[positions, width]`.
void tsk_scores(
    const float *query, const float *keys, size_t positions, size_t width, float scale, float *scores);

/// out += sum over p of weights[p] * values[p]; `values` is `[positions, width]`.
void tsk_add_weighted(const float *weights, const float *values, size_t positions, size_t width, float *out);

/// Rotates neighbouring pairs (x[2j], x[2j+1]) of one head by the angle whose cosine and sine are given per pair.
void tsk_rotate_pairs(float *x, const float *cosine, const float *sine, size_t pairs);

/// Like `tsk_rotate_pairs` for the pairs (x[j], x[j + pairs]), as NeoX lays them out.
void tsk_rotate_halves(float *x, const float *cosine, const float *sine, size_t pairs);

/// Largest value's index; the first one when several are equal. `count` > 0.
size_t tsk_argmax(const float *x, size_t count);

/// The widest instruction set the kernels use on this CPU: "avx512", "avx2" or "baseline".
const char *tsk_instruction_set(void);

/// Tells the CPU that this thread is waiting in a loop.
static inline void tsk_relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}
