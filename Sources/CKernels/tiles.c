// Tiles of tokens over packed panels: 6 tokens by 16 rows for AVX2, 12 by 16 for AVX-512.
#include "CKernels.h"
#include "blocks.h"

#if defined(__x86_64__)

#define JOIN(a, b) a##b
#define CONCAT(a, b) JOIN(a, b)

#define TILE_TARGET TSK_AVX2
#define TILE_NAME(KIND, TOKENS) KIND##_avx2_##TOKENS
#define FLOATS __m256
#define INTEGERS __m256i
#define LANES 8
#define LOAD_F _mm256_loadu_ps
#define STORE_F _mm256_storeu_ps
#define SPREAD_F _mm256_set1_ps
#define FMA _mm256_fmadd_ps
#define MUL_F _mm256_mul_ps
#define LOAD_I(p) _mm256_loadu_si256((const __m256i *)(p))
#define SPREAD_I _mm256_set1_epi32
#define ZERO_I _mm256_setzero_si256
#define PAIRS(sum, a, b) _mm256_add_epi32(sum, _mm256_madd_epi16(a, b))
#define TO_F _mm256_cvtepi32_ps
#include "tile.h"
TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6)

#undef TILE_TARGET
#undef TILE_NAME
#undef FLOATS
#undef INTEGERS
#undef LANES
#undef LOAD_F
#undef STORE_F
#undef SPREAD_F
#undef FMA
#undef MUL_F
#undef LOAD_I
#undef SPREAD_I
#undef ZERO_I
#undef PAIRS
#undef TO_F

#define TILE_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))
#define TILE_NAME(KIND, TOKENS) KIND##_avx512_##TOKENS
#define FLOATS __m512
#define INTEGERS __m512i
#define LANES 16
#define LOAD_F _mm512_loadu_ps
#define STORE_F _mm512_storeu_ps
#define SPREAD_F _mm512_set1_ps
#define FMA _mm512_fmadd_ps
#define MUL_F _mm512_mul_ps
#define LOAD_I(p) _mm512_loadu_si512(p)
#define SPREAD_I _mm512_set1_epi32
#define ZERO_I _mm512_setzero_si512
#define PAIRS _mm512_dpwssd_epi32
#define TO_F _mm512_cvtepi32_ps
#include "tile.h"
TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6) TILE(7) TILE(8) TILE(9) TILE(10) TILE(11) TILE(12)

typedef void (*f32_tile)(
    const float *, size_t, size_t, const float *, size_t, int, float *, size_t);
typedef void (*i16_tile)(
    const int16_t *, const float *, const float *, size_t, size_t, const float *, size_t, int, float *, size_t);

// Tiles by number of tokens, up to `most`.
struct tiles {
    size_t most;
    f32_tile f32[12];
    i16_tile i16[12];
};

#define NAMES(KIND, ISA) KIND##_##ISA##_1, KIND##_##ISA##_2, KIND##_##ISA##_3, KIND##_##ISA##_4, KIND##_##ISA##_5, KIND##_##ISA##_6
#define MORE(KIND, ISA) KIND##_##ISA##_7, KIND##_##ISA##_8, KIND##_##ISA##_9, KIND##_##ISA##_10, KIND##_##ISA##_11, KIND##_##ISA##_12
static const struct tiles avx2_tiles = {6, {NAMES(f32, avx2)}, {NAMES(i16, avx2)}};
static const struct tiles avx512_tiles = {
    12, {NAMES(f32, avx512), MORE(f32, avx512)}, {NAMES(i16, avx512), MORE(i16, avx512)}};

static inline const struct tiles *available_tiles(void) {
    // The CPU's features were read when the program was loaded; this tests two bits.
    return __builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512vnni") ? &avx512_tiles : &avx2_tiles;
}

const char *tsk_products_instruction_set(void) {
    return !tsk_products_available() ? "openblas" : available_tiles() == &avx512_tiles ? "avx512-vnni" : "avx2";
}

// Tokens are shared out evenly: 7 tokens are 4 and 3, not 6 and 1.
static inline size_t tile_size(size_t done, size_t tokens, size_t most) {
    const size_t left = tokens - done, tiles = (left + most - 1) / most;
    return (left + tiles - 1) / tiles;
}

void tsk_tiles_f32(
    const float *x, size_t tokens, size_t inputs, size_t first, size_t blocks, const float *panel, size_t rows, int add,
    float *y, size_t stride) {
    const struct tiles *tiles = available_tiles();
    for (size_t t = 0; t < tokens;) {
        const size_t count = tile_size(t, tokens, tiles->most);
        tiles->f32[count - 1](x + t * inputs + TSK_BLOCK * first, inputs, blocks, panel, rows, add, y + t * stride, stride);
        t += count;
    }
}

void tsk_tiles_i16(
    const struct tsk_narrowed *x, size_t tokens, size_t inputs, size_t first, size_t blocks, const float *panel, size_t rows,
    int add, float *y, size_t stride) {
    const struct tiles *tiles = available_tiles();
    const size_t across = inputs / TSK_BLOCK;
    for (size_t t = 0; t < tokens;) {
        const size_t count = tile_size(t, tokens, tiles->most);
        tiles->i16[count - 1](
            x->q + t * inputs + TSK_BLOCK * first, x->scales + t * across + first, x->sums + t * across + first, inputs,
            blocks, panel, rows, add, y + t * stride, stride);
        t += count;
    }
}

#else
const char *tsk_products_instruction_set(void) { return "openblas"; }
void tsk_tiles_f32(
    const float *x, size_t tokens, size_t inputs, size_t first, size_t blocks, const float *panel, size_t rows, int add,
    float *y, size_t stride) {}
void tsk_tiles_i16(
    const struct tsk_narrowed *x, size_t tokens, size_t inputs, size_t first, size_t blocks, const float *panel, size_t rows,
    int add, float *y, size_t stride) {}
#endif
