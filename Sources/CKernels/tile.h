// One tile of a product: TOKENS tokens by the 16 rows of a panel. Included by tiles.c once for each instruction set, which
// defines the vector operations; only when fully unrolled do the sums live in registers.
//
//   TILE_TARGET, TILE_NAME(kind, tokens)     function attributes and names
//   FLOATS, INTEGERS, LANES                  vector types, floats in one vector
//   LOAD_F, STORE_F, SPREAD_F, FMA, MUL_F    fp32
//   LOAD_I, SPREAD_I, ZERO_I, PAIRS, TO_F    int16 pairs: PAIRS(sum, a, b) adds a0 b0 + a1 b1 to each int32
enum { CONCAT(VECTORS_, LANES) = TSK_PANEL_ROWS / LANES };
#define VECTORS CONCAT(VECTORS_, LANES)
#define UNROLL _Pragma("unroll")

// A tile's results before they are complete, and after: fewer than 16 rows travel through a buffer.
#define TILE_LOAD(TOKENS)                                                                                    \
    UNROLL for (int t = 0; t < TOKENS; t++) {                                                                \
        float buffer[TSK_PANEL_ROWS] = {0};                                                                  \
        const float *start = y + t * stride;                                                                 \
        if (add && rows < TSK_PANEL_ROWS) start = memcpy(buffer, start, rows * sizeof(float));               \
        UNROLL for (int n = 0; n < VECTORS; n++) sums[t][n] = add ? LOAD_F(start + LANES * n) : SPREAD_F(0); \
    }
#define TILE_STORE(TOKENS)                                                                                   \
    UNROLL for (int t = 0; t < TOKENS; t++) {                                                                \
        float buffer[TSK_PANEL_ROWS], *end = rows < TSK_PANEL_ROWS ? buffer : y + t * stride;                \
        UNROLL for (int n = 0; n < VECTORS; n++) STORE_F(end + LANES * n, sums[t][n]);                       \
        if (rows < TSK_PANEL_ROWS) memcpy(y + t * stride, buffer, rows * sizeof(float));                     \
    }

#define TILE(TOKENS)                                                                                         \
    TILE_TARGET static void TILE_NAME(f32, TOKENS)(                                                          \
        const float *restrict x, size_t inputs, size_t blocks, const float *restrict panel, size_t rows,     \
        int add, float *restrict y, size_t stride) {                                                         \
        FLOATS sums[TOKENS][VECTORS];                                                                        \
        TILE_LOAD(TOKENS)                                                                                    \
        for (size_t k = 0; k < blocks * TSK_BLOCK; k++) {                                                    \
            FLOATS w[VECTORS];                                                                               \
            UNROLL for (int n = 0; n < VECTORS; n++) w[n] = LOAD_F(panel + k * TSK_PANEL_ROWS + LANES * n);  \
            UNROLL for (int t = 0; t < TOKENS; t++) {                                                        \
                const FLOATS value = SPREAD_F(x[t * inputs + k]);                                            \
                UNROLL for (int n = 0; n < VECTORS; n++) sums[t][n] = FMA(value, w[n], sums[t][n]);          \
            }                                                                                                \
        }                                                                                                    \
        TILE_STORE(TOKENS)                                                                                   \
    }                                                                                                        \
    TILE_TARGET static void TILE_NAME(i16, TOKENS)(                                                          \
        const int16_t *restrict q, const float *restrict scales, const float *restrict offsets,              \
        size_t inputs, size_t blocks, const float *restrict panel, size_t rows, int add, float *restrict y,  \
        size_t stride) {                                                                                     \
        FLOATS sums[TOKENS][VECTORS];                                                                        \
        TILE_LOAD(TOKENS)                                                                                    \
        for (size_t b = 0; b < blocks; b++, panel += TSK_PANEL_BLOCK_I16, q += TSK_BLOCK) {                  \
            INTEGERS products[TOKENS][VECTORS];                                                              \
            UNROLL for (int t = 0; t < TOKENS; t++)                                                          \
                UNROLL for (int n = 0; n < VECTORS; n++) products[t][n] = ZERO_I();                          \
            for (int pair = 0; pair < TSK_BLOCK / 2; pair++) {                                               \
                INTEGERS w[VECTORS];                                                                         \
                UNROLL for (int n = 0; n < VECTORS; n++)                                                     \
                    w[n] = LOAD_I(panel + pair * TSK_PANEL_ROWS + LANES * n);                                \
                UNROLL for (int t = 0; t < TOKENS; t++) {                                                    \
                    int both;                                                                                \
                    memcpy(&both, q + t * inputs + 2 * pair, 4);                                             \
                    const INTEGERS value = SPREAD_I(both);                                                   \
                    UNROLL for (int n = 0; n < VECTORS; n++)                                                 \
                        products[t][n] = PAIRS(products[t][n], value, w[n]);                                 \
                }                                                                                            \
            }                                                                                                \
            UNROLL for (int t = 0; t < TOKENS; t++) {                                                        \
                const FLOATS scale = SPREAD_F(scales[t * (inputs / TSK_BLOCK) + b]);                         \
                const FLOATS sum = SPREAD_F(offsets[t * (inputs / TSK_BLOCK) + b]);                          \
                UNROLL for (int n = 0; n < VECTORS; n++) {                                                   \
                    const FLOATS d = LOAD_F(panel + 256 + LANES * n), m = LOAD_F(panel + 272 + LANES * n);   \
                    sums[t][n] = FMA(MUL_F(scale, TO_F(products[t][n])), d, sums[t][n]);                     \
                    sums[t][n] = FMA(sum, m, sums[t][n]);                                                    \
                }                                                                                            \
            }                                                                                                \
        }                                                                                                    \
        TILE_STORE(TOKENS)                                                                                   \
    }
