// Panels: 16 stored rows unpacked side by side, block by block of 32 inputs, so that one register holds one input of 8 or 16
// rows (fp32), or a pair of inputs of them (int16).
//
// fp32: 32 x 16 values. int16: 16 pairs x 16 rows x 2 values, then 16 scales and 16 offsets.
#include "CKernels.h"
#include "blocks.h"

#if defined(__x86_64__)

// Eight vectors of eight 32-bit values, rows for columns.
TSK_INLINE void transpose8(__m256i v[8]) {
    __m256i t[8];
    for (int i = 0; i < 8; i += 2) {
        t[i] = _mm256_unpacklo_epi32(v[i], v[i + 1]);
        t[i + 1] = _mm256_unpackhi_epi32(v[i], v[i + 1]);
    }
    for (int i = 0; i < 8; i += 4) {
        v[i] = _mm256_unpacklo_epi64(t[i], t[i + 2]);
        v[i + 1] = _mm256_unpackhi_epi64(t[i], t[i + 2]);
        v[i + 2] = _mm256_unpacklo_epi64(t[i + 1], t[i + 3]);
        v[i + 3] = _mm256_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    for (int i = 0; i < 4; i++) {
        t[i] = _mm256_permute2x128_si256(v[i], v[i + 4], 0x20);
        t[i + 4] = _mm256_permute2x128_si256(v[i], v[i + 4], 0x31);
    }
    for (int i = 0; i < 8; i++) v[i] = t[i];
}

// The rows of the next panel lie behind these in the file. Sixteen short streams are more than the CPU's own prefetcher
// follows, so each block asks for the bytes that the next panel will read in its place.
TSK_INLINE void prefetch_next(const void *const *rows, int r, size_t offset) {
    const ptrdiff_t stride = (const char *)rows[1] - (const char *)rows[0];
    _mm_prefetch((const char *)rows[r] + TSK_PANEL_ROWS * stride + offset, _MM_HINT_T1);
}

#define UNROLL _Pragma("unroll")

#define PACK(TYPE, NAME, BYTES)                                                                              \
    TSK_AVX2 static void NAME##_pack_f32(                                                                    \
        const void *const *rows, size_t first, size_t blocks, float *restrict panel) {                       \
        for (size_t b = 0; b < blocks; b++, panel += TSK_PANEL_BLOCK_F32) {                                  \
            for (int half = 0; half < 2; half++) {                                                           \
                __m256 w[8][4];                                                                              \
                UNROLL for (int r = 0; r < 8; r++) {                                                         \
                    prefetch_next(rows, 8 * half + r, (first + b) * BYTES);                                  \
                    NAME##_floats(rows[8 * half + r], first + b, w[r]);                                      \
                }                                                                                            \
                UNROLL for (int i = 0; i < 4; i++) {                                                         \
                    __m256i v[8];                                                                            \
                    UNROLL for (int r = 0; r < 8; r++) v[r] = _mm256_castps_si256(w[r][i]);                  \
                    transpose8(v);                                                                           \
                    UNROLL for (int k = 0; k < 8; k++)                                                       \
                        _mm256_storeu_si256((__m256i *)(panel + (8 * i + k) * 16 + 8 * half), v[k]);         \
                }                                                                                            \
            }                                                                                                \
        }                                                                                                    \
    }                                                                                                        \
    TSK_AVX2 static void NAME##_pack_i16(                                                                    \
        const void *const *rows, size_t first, size_t blocks, float *restrict panel) {                       \
        for (size_t b = 0; b < blocks; b++, panel += TSK_PANEL_BLOCK_I16) {                                  \
            float *scales = panel + 256, *offsets = panel + 272;                                             \
            for (int half = 0; half < 2; half++) {                                                           \
                __m256i w[8][2];                                                                             \
                UNROLL for (int r = 0; r < 8; r++) {                                                         \
                    float scale[2];                                                                          \
                    prefetch_next(rows, 8 * half + r, (first + b) * BYTES);                                  \
                    NAME##_integers(rows[8 * half + r], first + b, w[r], scale);                             \
                    scales[8 * half + r] = scale[0];                                                         \
                    offsets[8 * half + r] = scale[1];                                                        \
                }                                                                                            \
                UNROLL for (int i = 0; i < 2; i++) {                                                         \
                    __m256i v[8];                                                                            \
                    UNROLL for (int r = 0; r < 8; r++) v[r] = w[r][i];                                       \
                    transpose8(v);                                                                           \
                    UNROLL for (int k = 0; k < 8; k++)                                                       \
                        _mm256_storeu_si256((__m256i *)(panel + (8 * i + k) * 16 + 8 * half), v[k]);         \
                }                                                                                            \
            }                                                                                                \
        }                                                                                                    \
    }
TSK_FOR_BLOCK_TYPES(PACK)

#define CASE_F32(TYPE, NAME, BYTES) case TYPE: NAME##_pack_f32(rows, first, blocks, panel); return;
#define CASE_I16(TYPE, NAME, BYTES) case TYPE: NAME##_pack_i16(rows, first, blocks, panel); return;

void tsk_pack_f32(int type, const void *const *rows, size_t first, size_t blocks, float *panel) {
    switch (type) { TSK_FOR_BLOCK_TYPES(CASE_F32) }
}

void tsk_pack_i16(int type, const void *const *rows, size_t first, size_t blocks, float *panel) {
    switch (type) { TSK_FOR_BLOCK_TYPES(CASE_I16) }
}

#else
void tsk_pack_f32(int type, const void *const *rows, size_t first, size_t blocks, float *panel) {}
void tsk_pack_i16(int type, const void *const *rows, size_t first, size_t blocks, float *panel) {}
#endif
