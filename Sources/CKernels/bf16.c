// Matrix products with bf16 operands and fp32 sums, on the AVX512_BF16 unit.
//
// vdpbf16ps multiplies pairs of bf16 and adds both products to an fp32 lane, so operands are laid out in pairs along the
// inner dimension: activations as they come, weights as panels of 16 rows, pair by pair.
#include <string.h>

#include "CKernels.h"

static inline uint16_t to_bf16(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    if ((bits & 0x7FFFFFFF) > 0x7F800000) return (uint16_t)((bits >> 16) | 0x40);  // NaN stays NaN
    return (uint16_t)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

static inline float from_bf16(uint16_t half) {
    uint32_t bits = (uint32_t)half << 16;
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

void tsk_f32_to_bf16_plain(const float *restrict source, size_t count, uint16_t *restrict destination) {
    for (size_t i = 0; i < count; i++) destination[i] = to_bf16(source[i]);
}

void tsk_bf16_gemm_plain(
    const uint16_t *restrict x, size_t tokens, size_t inner, const uint16_t *restrict panel, size_t rows,
    float *restrict y, size_t stride) {
    for (size_t t = 0; t < tokens; t++) {
        for (size_t r = 0; r < rows; r++) {
            float sum = 0;
            for (size_t k = 0; k < inner; k++) {
                sum += from_bf16(x[t * inner + k]) * from_bf16(panel[(k / 2 * 16 + r) * 2 + k % 2]);
            }
            y[t * stride + r] = sum;
        }
    }
}

void tsk_bf16_pack_plain(const float *restrict weights, size_t rows, size_t inner, uint16_t *restrict panel) {
    for (size_t k = 0; k < inner; k++) {
        for (size_t r = 0; r < 16; r++) {
            panel[(k / 2 * 16 + r) * 2 + k % 2] = r < rows ? to_bf16(weights[r * inner + k]) : 0;
        }
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

#define BF16_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))

int tsk_bf16_available(void) {
    return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl");
}

BF16_TARGET static void convert(const float *restrict source, size_t count, uint16_t *restrict destination) {
    size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        __m512bh pair = _mm512_cvtne2ps_pbh(_mm512_loadu_ps(source + i + 16), _mm512_loadu_ps(source + i));
        _mm512_storeu_si512(destination + i, (__m512i)pair);
    }
    for (; i < count; i++) destination[i] = to_bf16(source[i]);
}

// Transposes 16 rows of 16 pairs, so that lane r of output pair k holds row r's pair k.
BF16_TARGET static inline void transpose16(__m512i v[16]) {
    __m512i t[16];
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_epi32(v[i], v[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi32(v[i], v[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        v[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
        v[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
        v[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
        v[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    for (int i = 0; i < 4; i++) {
        t[i] = _mm512_shuffle_i32x4(v[i], v[i + 4], 0x88);
        t[i + 4] = _mm512_shuffle_i32x4(v[i], v[i + 4], 0xDD);
        t[i + 8] = _mm512_shuffle_i32x4(v[i + 8], v[i + 12], 0x88);
        t[i + 12] = _mm512_shuffle_i32x4(v[i + 8], v[i + 12], 0xDD);
    }
    for (int i = 0; i < 4; i++) {
        v[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
        v[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xDD);
        v[i + 4] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0x88);
        v[i + 12] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0xDD);
    }
}

BF16_TARGET static void pack(const float *restrict weights, size_t rows, size_t inner, uint16_t *restrict panel) {
    size_t k = 0;
    if (rows == 16) {
        for (; k + 32 <= inner; k += 32) {
            __m512i v[16];
            for (int r = 0; r < 16; r++) {
                const float *row = weights + r * inner + k;
                v[r] = (__m512i)_mm512_cvtne2ps_pbh(_mm512_loadu_ps(row + 16), _mm512_loadu_ps(row));
            }
            transpose16(v);
            for (int pair = 0; pair < 16; pair++) _mm512_storeu_si512(panel + (k / 2 + pair) * 32, v[pair]);
        }
    }
    for (; k < inner; k++) {
        for (size_t r = 0; r < 16; r++) {
            panel[(k / 2 * 16 + r) * 2 + k % 2] = r < rows ? to_bf16(weights[r * inner + k]) : 0;
        }
    }
}

// One tile: TOKENS tokens by two panels of 16 rows. Only when fully unrolled do the sums live in registers.
#define TILE(TOKENS)                                                                                                   \
    BF16_TARGET static void tile##TOKENS(                                                                              \
        const uint16_t *restrict x, size_t inner, const uint16_t *restrict a, const uint16_t *restrict b,              \
        float *restrict y, size_t stride, __mmask16 mask_a, __mmask16 mask_b) {                                        \
        __m512 low[TOKENS], high[TOKENS];                                                                              \
        _Pragma("unroll") for (int t = 0; t < TOKENS; t++) low[t] = high[t] = _mm512_setzero_ps();                     \
        for (size_t pair = 0; pair < inner / 2; pair++) {                                                              \
            const __m512bh first = (__m512bh)_mm512_loadu_si512(a + pair * 32);                                        \
            const __m512bh second = (__m512bh)_mm512_loadu_si512(b + pair * 32);                                       \
            _Pragma("unroll") for (int t = 0; t < TOKENS; t++) {                                                       \
                int both;                                                                                              \
                memcpy(&both, x + t * inner + 2 * pair, 4);                                                            \
                const __m512bh value = (__m512bh)_mm512_set1_epi32(both);                                              \
                low[t] = _mm512_dpbf16_ps(low[t], value, first);                                                       \
                high[t] = _mm512_dpbf16_ps(high[t], value, second);                                                    \
            }                                                                                                          \
        }                                                                                                              \
        _Pragma("unroll") for (int t = 0; t < TOKENS; t++) {                                                           \
            _mm512_mask_storeu_ps(y + t * stride, mask_a, low[t]);                                                     \
            if (mask_b) _mm512_mask_storeu_ps(y + t * stride + 16, mask_b, high[t]);                                   \
        }                                                                                                              \
    }
TILE(12)
TILE(4)
TILE(1)

BF16_TARGET static void gemm(
    const uint16_t *restrict x, size_t tokens, size_t inner, const uint16_t *restrict panels, size_t rows,
    float *restrict y, size_t stride) {
    for (size_t row = 0; row < rows; row += 32) {
        const size_t left = rows - row;
        const uint16_t *a = panels + row * inner, *b = left > 16 ? a + 16 * inner : a;
        const __mmask16 mask_a = left >= 16 ? 0xFFFF : (__mmask16)((1u << left) - 1);
        const __mmask16 mask_b = left >= 32 ? 0xFFFF : (left > 16 ? (__mmask16)((1u << (left - 16)) - 1) : 0);
        size_t t = 0;
        for (; t + 12 <= tokens; t += 12) tile12(x + t * inner, inner, a, b, y + t * stride + row, stride, mask_a, mask_b);
        for (; t + 4 <= tokens; t += 4) tile4(x + t * inner, inner, a, b, y + t * stride + row, stride, mask_a, mask_b);
        for (; t < tokens; t++) tile1(x + t * inner, inner, a, b, y + t * stride + row, stride, mask_a, mask_b);
    }
}
#else
int tsk_bf16_available(void) { return 0; }
#define convert tsk_f32_to_bf16_plain
#define pack tsk_bf16_pack_plain
static void gemm(
    const uint16_t *restrict x, size_t tokens, size_t inner, const uint16_t *restrict panels, size_t rows,
    float *restrict y, size_t stride) {
    for (size_t row = 0; row < rows; row += 16) {
        const size_t left = rows - row < 16 ? rows - row : 16;
        tsk_bf16_gemm_plain(x, tokens, inner, panels + row * inner, left, y + row, stride);
    }
}
#endif

void tsk_f32_to_bf16(const float *source, size_t count, uint16_t *destination) { convert(source, count, destination); }

void tsk_bf16_pack(const float *weights, size_t rows, size_t inner, uint16_t *panel) { pack(weights, rows, inner, panel); }

void tsk_bf16_gemm(
    const uint16_t *x, size_t tokens, size_t inner, const uint16_t *panels, size_t rows, float *y, size_t stride) {
    gemm(x, tokens, inner, panels, rows, y, stride);
}
