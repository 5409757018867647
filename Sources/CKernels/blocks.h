// Blocks of 32 stored weights in registers, for AVX2: as fp32 values, or as integers with a scale and an offset.
//
// For each type NAME, with `row` the start of a stored row and `b` the number of the 32-block in it:
//   NAME_floats(row, b, w)          w[0..3]: the 32 values in order.
//   NAME_integers(row, b, w, scale) w[0..1]: 32 int16 q in order, |q| <= 4095; value = scale[0] * q + scale[1].
// Layouts are those of dequantize.c.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#define TSK_AVX2 __attribute__((target("avx2,fma,f16c")))
#define TSK_INLINE TSK_AVX2 static inline __attribute__((always_inline))

TSK_INLINE uint32_t load_u32(const uint8_t *bytes) {
    uint32_t value;
    memcpy(&value, bytes, 4);
    return value;
}

TSK_INLINE float load_half(const uint8_t *bytes) {
    uint16_t half;
    memcpy(&half, bytes, 2);
    return _mm_cvtss_f32(_mm_cvtph_ps(_mm_cvtsi32_si128(half)));
}

// Two halves that lie side by side: a scale and an offset.
TSK_INLINE void load_halves(const uint8_t *bytes, float scale[2]) {
    const __m128 both = _mm_cvtph_ps(_mm_cvtsi32_si128((int)load_u32(bytes)));
    scale[0] = _mm_cvtss_f32(both);
    scale[1] = _mm_cvtss_f32(_mm_movehdup_ps(both));
}

// 16 bytes of nibbles: low ones first, then the high ones.
TSK_INLINE __m256i load_nibbles(const uint8_t *bytes) {
    const __m128i packed = _mm_loadu_si128((const __m128i *)bytes);
    return _mm256_and_si256(_mm256_set_m128i(_mm_srli_epi16(packed, 4), packed), _mm256_set1_epi8(15));
}

// Bit i of `bits` becomes byte i: 0 or 16.
TSK_INLINE __m256i spread_bits(uint32_t bits) {
    const __m256i places = _mm256_setr_epi64x(
        0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
    const __m256i one_each = _mm256_set1_epi64x((long long)0x8040201008040201);
    const __m256i bytes = _mm256_shuffle_epi8(_mm256_set1_epi32((int)bits), places);
    const __m256i set = _mm256_cmpeq_epi8(_mm256_and_si256(bytes, one_each), one_each);
    return _mm256_and_si256(set, _mm256_set1_epi8(16));
}

// 32 unsigned nibbles out of a superblock's 64: the even blocks are the low ones.
TSK_INLINE __m256i load_half_bytes(const uint8_t *bytes, int high) {
    const __m256i packed = _mm256_loadu_si256((const __m256i *)bytes);
    return _mm256_and_si256(_mm256_srl_epi16(packed, _mm_cvtsi32_si128(4 * high)), _mm256_set1_epi8(15));
}

TSK_INLINE void widen_bytes(__m256i bytes, __m256i w[2]) {
    w[0] = _mm256_cvtepi8_epi16(_mm256_castsi256_si128(bytes));
    w[1] = _mm256_cvtepi8_epi16(_mm256_extracti128_si256(bytes, 1));
}

// Signed bytes to scale * q + offset.
TSK_INLINE void bytes_to_floats(__m256i bytes, const float scale[2], __m256 w[4]) {
    const __m256 d = _mm256_set1_ps(scale[0]), m = _mm256_set1_ps(scale[1]);
    const __m128i low = _mm256_castsi256_si128(bytes), high = _mm256_extracti128_si256(bytes, 1);
    w[0] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(low)), d, m);
    w[1] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_srli_si128(low, 8))), d, m);
    w[2] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(high)), d, m);
    w[3] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_srli_si128(high, 8))), d, m);
}

TSK_INLINE __m256i q4_0_bytes(const uint8_t *row, size_t b, float scale[2]) {
    const uint8_t *block = row + 18 * b;
    scale[0] = load_half(block);
    scale[1] = 0;
    return _mm256_sub_epi8(load_nibbles(block + 2), _mm256_set1_epi8(8));
}

TSK_INLINE __m256i q4_1_bytes(const uint8_t *row, size_t b, float scale[2]) {
    const uint8_t *block = row + 20 * b;
    load_halves(block, scale);
    return load_nibbles(block + 4);
}

TSK_INLINE __m256i q5_0_bytes(const uint8_t *row, size_t b, float scale[2]) {
    const uint8_t *block = row + 22 * b;
    scale[0] = load_half(block);
    scale[1] = 0;
    const __m256i high = spread_bits(load_u32(block + 2));
    return _mm256_sub_epi8(_mm256_or_si256(load_nibbles(block + 6), high), _mm256_set1_epi8(16));
}

TSK_INLINE __m256i q5_1_bytes(const uint8_t *row, size_t b, float scale[2]) {
    const uint8_t *block = row + 24 * b;
    load_halves(block, scale);
    return _mm256_or_si256(load_nibbles(block + 8), spread_bits(load_u32(block + 4)));
}

TSK_INLINE __m256i q8_0_bytes(const uint8_t *row, size_t b, float scale[2]) {
    const uint8_t *block = row + 34 * b;
    scale[0] = load_half(block);
    scale[1] = 0;
    return _mm256_loadu_si256((const __m256i *)(block + 2));
}

// The scale and minimum of block j among the eight 6-bit pairs that Q4_K and Q5_K pack in 12 bytes.
TSK_INLINE void k_block_scale(const uint8_t *super, int j, float scale[2]) {
    float both[2];
    load_halves(super, both);
    const uint8_t *s = super + 4;
    const int factor = j < 4 ? s[j] & 63 : (s[j + 4] & 15) | (s[j - 4] >> 6) << 4;
    const int minimum = j < 4 ? s[j + 4] & 63 : (s[j + 4] >> 4) | (s[j] >> 6) << 4;
    scale[0] = both[0] * (float)factor;
    scale[1] = -both[1] * (float)minimum;
}

TSK_INLINE __m256i q4_K_bytes(const uint8_t *row, size_t b, float scale[2]) {
    const uint8_t *super = row + 144 * (b / 8);
    const int j = (int)(b % 8);
    k_block_scale(super, j, scale);
    return load_half_bytes(super + 16 + 32 * (j / 2), j % 2);
}

TSK_INLINE __m256i q5_K_bytes(const uint8_t *row, size_t b, float scale[2]) {
    const uint8_t *super = row + 176 * (b / 8);
    const int j = (int)(b % 8);
    k_block_scale(super, j, scale);
    const __m256i bits = _mm256_srl_epi16(_mm256_loadu_si256((const __m256i *)(super + 16)), _mm_cvtsi32_si128(j));
    const __m256i high = _mm256_slli_epi16(_mm256_and_si256(bits, _mm256_set1_epi8(1)), 4);
    return _mm256_or_si256(load_half_bytes(super + 48 + 32 * (j / 2), j % 2), high);
}

// Q6_K: two scales in a block of 32.
TSK_INLINE __m256i q6_K_bytes(const uint8_t *row, size_t b, int halves[2], float *d) {
    const uint8_t *super = row + 210 * (b / 8);
    const int group = (int)(b % 8), k = group % 4;
    const uint8_t *low = super + 64 * (group / 4) + 32 * (k % 2), *high = super + 128 + 32 * (group / 4);
    halves[0] = (int8_t)super[192 + 2 * group];
    halves[1] = (int8_t)super[193 + 2 * group];
    *d = load_half(super + 208);
    const __m256i bits = _mm256_srl_epi16(_mm256_loadu_si256((const __m256i *)high), _mm_cvtsi32_si128(2 * k));
    const __m256i upper = _mm256_slli_epi16(_mm256_and_si256(bits, _mm256_set1_epi8(3)), 4);
    return _mm256_sub_epi8(_mm256_or_si256(load_half_bytes(low, k / 2), upper), _mm256_set1_epi8(32));
}

TSK_INLINE void q6_K_integers(const uint8_t *row, size_t b, __m256i w[2], float scale[2]) {
    int halves[2];
    widen_bytes(q6_K_bytes(row, b, halves, scale), w);
    w[0] = _mm256_mullo_epi16(w[0], _mm256_set1_epi16((short)halves[0]));
    w[1] = _mm256_mullo_epi16(w[1], _mm256_set1_epi16((short)halves[1]));
    scale[1] = 0;
}

TSK_INLINE void q6_K_floats(const uint8_t *row, size_t b, __m256 w[4]) {
    int halves[2];
    float d;
    const __m256i bytes = q6_K_bytes(row, b, halves, &d);
    const float first[2] = {d * (float)halves[0], 0}, second[2] = {d * (float)halves[1], 0};
    __m256 other[4];
    bytes_to_floats(bytes, first, w);
    bytes_to_floats(bytes, second, other);
    w[2] = other[2];
    w[3] = other[3];
}

#define BYTE_BLOCKS(NAME)                                                                     \
    TSK_INLINE void NAME##_integers(const uint8_t *row, size_t b, __m256i w[2], float scale[2]) { \
        widen_bytes(NAME##_bytes(row, b, scale), w);                                          \
    }                                                                                         \
    TSK_INLINE void NAME##_floats(const uint8_t *row, size_t b, __m256 w[4]) {                \
        float scale[2];                                                                       \
        const __m256i bytes = NAME##_bytes(row, b, scale);                                    \
        bytes_to_floats(bytes, scale, w);                                                     \
    }
BYTE_BLOCKS(q4_0)
BYTE_BLOCKS(q4_1)
BYTE_BLOCKS(q5_0)
BYTE_BLOCKS(q5_1)
BYTE_BLOCKS(q8_0)
BYTE_BLOCKS(q4_K)
BYTE_BLOCKS(q5_K)

TSK_INLINE void f32_floats(const uint8_t *row, size_t b, __m256 w[4]) {
    for (int i = 0; i < 4; i++) w[i] = _mm256_loadu_ps((const float *)(row + 128 * b) + 8 * i);
}

TSK_INLINE void f16_floats(const uint8_t *row, size_t b, __m256 w[4]) {
    for (int i = 0; i < 4; i++) w[i] = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(row + 64 * b + 16 * i)));
}

TSK_INLINE void bf16_floats(const uint8_t *row, size_t b, __m256 w[4]) {
    for (int i = 0; i < 4; i++) {
        const __m128i halves = _mm_loadu_si128((const __m128i *)(row + 64 * b + 16 * i));
        w[i] = _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(halves), 16));
    }
}

// Largest magnitude of 32 values.
TSK_INLINE float largest_of(const __m256 w[4]) {
    const __m256 sign = _mm256_set1_ps(-0.0f);
    const __m256 a = _mm256_max_ps(_mm256_andnot_ps(sign, w[0]), _mm256_andnot_ps(sign, w[1]));
    const __m256 b = _mm256_max_ps(_mm256_andnot_ps(sign, w[2]), _mm256_andnot_ps(sign, w[3]));
    const __m256 c = _mm256_max_ps(a, b);
    __m128 m = _mm_max_ps(_mm256_castps256_ps128(c), _mm256_extractf128_ps(c, 1));
    m = _mm_max_ps(m, _mm_movehl_ps(m, m));
    return _mm_cvtss_f32(_mm_max_ss(m, _mm_movehdup_ps(m)));
}

TSK_INLINE int any_nan(const __m256 w[4]) {
    const __m256 first = _mm256_cmp_ps(w[0], w[1], _CMP_UNORD_Q), second = _mm256_cmp_ps(w[2], w[3], _CMP_UNORD_Q);
    return _mm256_movemask_ps(_mm256_or_ps(first, second));
}

// 32 values as int16 with |q| <= limit and their common scale.
TSK_INLINE void floats_to_integers(const __m256 w[4], float limit, __m256i q[2], float scale[2]) {
    const float largest = largest_of(w);
    // Values so small that the reciprocal overflows are zero beside anything that matters.
    const __m256 inverse = _mm256_set1_ps(largest > 1e-30f ? limit / largest : 0.0f);
    __m256i i[4];
    for (int j = 0; j < 4; j++) i[j] = _mm256_cvtps_epi32(_mm256_mul_ps(w[j], inverse));
    q[0] = _mm256_permute4x64_epi64(_mm256_packs_epi32(i[0], i[1]), 0xD8);
    q[1] = _mm256_permute4x64_epi64(_mm256_packs_epi32(i[2], i[3]), 0xD8);
    scale[0] = any_nan(w) ? __builtin_nanf("") : largest / limit;
    scale[1] = 0;
}

#define FLOAT_BLOCKS(NAME)                                                                        \
    TSK_INLINE void NAME##_integers(const uint8_t *row, size_t b, __m256i q[2], float scale[2]) { \
        __m256 w[4];                                                                              \
        NAME##_floats(row, b, w);                                                                 \
        floats_to_integers(w, 4095.0f, q, scale);                                                 \
    }
FLOAT_BLOCKS(f32)
FLOAT_BLOCKS(f16)
FLOAT_BLOCKS(bf16)

// X(type, NAME, bytes of 32 values)
#define TSK_FOR_BLOCK_TYPES(X)                                                                        \
    X(TSK_F32, f32, 128) X(TSK_F16, f16, 64) X(TSK_BF16, bf16, 64) X(TSK_Q4_0, q4_0, 18)              \
    X(TSK_Q4_1, q4_1, 20) X(TSK_Q5_0, q5_0, 22) X(TSK_Q5_1, q5_1, 24) X(TSK_Q8_0, q8_0, 34)           \
    X(TSK_Q4_K, q4_K, 18) X(TSK_Q5_K, q5_K, 22) X(TSK_Q6_K, q6_K, 26)
#endif
