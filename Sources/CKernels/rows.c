// Dot products of stored rows with up to four tokens: each block is unpacked once and used for all of them.
#include "CKernels.h"
#include "blocks.h"

#if defined(__x86_64__)

TSK_INLINE float sum_of(__m256 v) {
    __m128 s = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    s = _mm_add_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}

// Sums of one token run in `LANES` vectors, so that additions do not wait for each other.
#define ROWS_F32(NAME, TOKENS, LANES)                                                                        \
    TSK_AVX2 static void NAME##_rows_f32_##TOKENS(                                                           \
        const uint8_t *row, size_t row_bytes, size_t rows, size_t inputs, const float *restrict x,           \
        float *restrict y, size_t stride) {                                                                  \
        for (size_t r = 0; r < rows; r++, row += row_bytes) {                                                \
            __m256 sums[TOKENS][LANES];                                                                      \
            for (int t = 0; t < TOKENS; t++)                                                                 \
                for (int i = 0; i < LANES; i++) sums[t][i] = _mm256_setzero_ps();                            \
            for (size_t b = 0; b < inputs / TSK_BLOCK; b++) {                                                \
                __m256 w[4];                                                                                 \
                NAME##_floats(row, b, w);                                                                    \
                for (int t = 0; t < TOKENS; t++) {                                                           \
                    const float *block = x + t * inputs + TSK_BLOCK * b;                                     \
                    for (int i = 0; i < 4; i++)                                                              \
                        sums[t][i % LANES] = _mm256_fmadd_ps(w[i], _mm256_loadu_ps(block + 8 * i), sums[t][i % LANES]); \
                }                                                                                            \
            }                                                                                                \
            for (int t = 0; t < TOKENS; t++) {                                                               \
                for (int i = 1; i < LANES; i++) sums[t][0] = _mm256_add_ps(sums[t][0], sums[t][i]);          \
                y[t * stride + r] = sum_of(sums[t][0]);                                                      \
            }                                                                                                \
        }                                                                                                    \
    }

#define ROWS_I16(NAME, TOKENS)                                                                               \
    TSK_AVX2 static void NAME##_rows_i16_##TOKENS(                                                           \
        const uint8_t *row, size_t row_bytes, size_t rows, size_t inputs, const struct tsk_narrowed *x,      \
        float *restrict y, size_t stride) {                                                                  \
        const size_t blocks = inputs / TSK_BLOCK;                                                            \
        for (size_t r = 0; r < rows; r++, row += row_bytes) {                                                \
            __m256 sums[TOKENS];                                                                             \
            float offsets[TOKENS];                                                                           \
            for (int t = 0; t < TOKENS; t++) sums[t] = _mm256_setzero_ps(), offsets[t] = 0;                  \
            for (size_t b = 0; b < blocks; b++) {                                                            \
                __m256i w[2];                                                                                \
                float scale[2];                                                                              \
                NAME##_integers(row, b, w, scale);                                                           \
                for (int t = 0; t < TOKENS; t++) {                                                           \
                    const __m256i *q = (const __m256i *)(x->q + t * inputs + TSK_BLOCK * b);                 \
                    const __m256i low = _mm256_madd_epi16(w[0], _mm256_loadu_si256(q));                      \
                    const __m256i high = _mm256_madd_epi16(w[1], _mm256_loadu_si256(q + 1));                 \
                    const __m256 factor = _mm256_set1_ps(scale[0] * x->scales[t * blocks + b]);              \
                    sums[t] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(_mm256_add_epi32(low, high)), factor, sums[t]); \
                    offsets[t] += scale[1] * x->sums[t * blocks + b];                                        \
                }                                                                                            \
            }                                                                                                \
            for (int t = 0; t < TOKENS; t++) y[t * stride + r] = sum_of(sums[t]) + offsets[t];               \
        }                                                                                                    \
    }

#define ROWS(TYPE, NAME, BYTES)                                                                                     \
    ROWS_F32(NAME, 1, 4)                                                                                     \
    ROWS_F32(NAME, 2, 4)                                                                                     \
    ROWS_F32(NAME, 3, 2)                                                                                     \
    ROWS_F32(NAME, 4, 2)                                                                                     \
    ROWS_I16(NAME, 1)                                                                                        \
    ROWS_I16(NAME, 2)                                                                                        \
    ROWS_I16(NAME, 3)                                                                                        \
    ROWS_I16(NAME, 4)
TSK_FOR_BLOCK_TYPES(ROWS)

typedef void (*rows_f32)(const uint8_t *, size_t, size_t, size_t, const float *, float *, size_t);
typedef void (*rows_i16)(const uint8_t *, size_t, size_t, size_t, const struct tsk_narrowed *, float *, size_t);

#define CHOOSE(KIND, NAME)                                                                                            \
    {                                                                                                                 \
        static const rows_##KIND by_tokens[] = {                                                                      \
            NAME##_rows_##KIND##_1, NAME##_rows_##KIND##_2, NAME##_rows_##KIND##_3, NAME##_rows_##KIND##_4};          \
        by_tokens[tokens - 1](weights, row_bytes, rows, inputs, x, y, stride);                                        \
        return;                                                                                                       \
    }
#define CASE_F32(TYPE, NAME, BYTES) case TYPE: CHOOSE(f32, NAME)
#define CASE_I16(TYPE, NAME, BYTES) case TYPE: CHOOSE(i16, NAME)
#define CASE_SUPPORTED(TYPE, NAME, BYTES) case TYPE: return 1;

void tsk_rows_f32(
    int type, const void *weights, size_t row_bytes, size_t rows, size_t inputs, const float *x, size_t tokens, float *y,
    size_t stride) {
    switch (type) { TSK_FOR_BLOCK_TYPES(CASE_F32) }
}

void tsk_rows_i16(
    int type, const void *weights, size_t row_bytes, size_t rows, size_t inputs, const struct tsk_narrowed *x, size_t tokens,
    float *y, size_t stride) {
    switch (type) { TSK_FOR_BLOCK_TYPES(CASE_I16) }
}

int tsk_products_support(int type) {
    switch (type) { TSK_FOR_BLOCK_TYPES(CASE_SUPPORTED) }
    return 0;
}

int tsk_products_available(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
}

TSK_AVX2 void tsk_narrow(const float *x, size_t count, int16_t *q, float *scales, float *sums) {
    for (size_t b = 0; b < count / TSK_BLOCK; b++) {
        __m256 w[4];
        __m256i narrow[2];
        float scale[2];
        f32_floats((const uint8_t *)x, b, w);
        floats_to_integers(w, 16383.0f, narrow, scale);
        _mm256_storeu_si256((__m256i *)(q + TSK_BLOCK * b), narrow[0]);
        _mm256_storeu_si256((__m256i *)(q + TSK_BLOCK * b) + 1, narrow[1]);
        const __m256i ones = _mm256_set1_epi16(1);
        const __m256i pairs = _mm256_add_epi32(_mm256_madd_epi16(narrow[0], ones), _mm256_madd_epi16(narrow[1], ones));
        scales[b] = scale[0];
        sums[b] = scale[0] * sum_of(_mm256_cvtepi32_ps(pairs));
    }
}

#else
int tsk_products_available(void) { return 0; }
int tsk_products_support(int type) { return 0; }
void tsk_narrow(const float *x, size_t count, int16_t *q, float *scales, float *sums) {}
void tsk_rows_f32(
    int type, const void *weights, size_t row_bytes, size_t rows, size_t inputs, const float *x, size_t tokens, float *y,
    size_t stride) {}
void tsk_rows_i16(
    int type, const void *weights, size_t row_bytes, size_t rows, size_t inputs, const struct tsk_narrowed *x, size_t tokens,
    float *y, size_t stride) {}
#endif
