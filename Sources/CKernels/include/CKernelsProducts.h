// Products of activations with stored weights, straight on the blocks of the file.
//
// For a few tokens each row is unpacked once and multiplied with all of them (`tsk_rows_*`). For more, 16 rows at a time are
// unpacked into a panel that stays in the first-level cache, and tiles of tokens pass over it (`tsk_pack_*`, `tsk_tiles_*`).
//
// `_f32` computes in fp32. `_i16` multiplies integers exactly: activations as 15-bit integers with one scale for 32 of
// them, weights as the integers that are stored (float types: 13-bit integers with one scale for 32).
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Whether this CPU has what the functions below are written for: AVX2, FMA and F16C.
int tsk_products_available(void);

/// The unit that products of many tokens run on: "avx512-vnni", "avx2", or "openblas" where these functions do not work.
const char *tsk_products_instruction_set(void);

/// Whether a type of `enum tsk_block_type` has these kernels.
int tsk_products_support(int type);

/// Values that share one scale.
enum { TSK_BLOCK = 32 };
/// Most tokens of one call of `tsk_rows_*`.
enum { TSK_FEW_TOKENS = 4 };
/// Rows of a panel.
enum { TSK_PANEL_ROWS = 16 };
/// Floats that one block of 32 inputs takes in a panel: 32 x 16 values, or 32 x 16 int16, 16 scales and 16 offsets.
enum { TSK_PANEL_BLOCK_F32 = 512, TSK_PANEL_BLOCK_I16 = 288 };

/// Activations as integers: value = scale * q, |q| <= 16383.
struct tsk_narrowed {
    const int16_t *q;      ///< `[tokens, inputs]`
    const float *scales;   ///< `[tokens, inputs / 32]`
    const float *sums;     ///< `[tokens, inputs / 32]`: sum of the 32 values
};

/// Narrows `count` values, a multiple of 32. Infinite and NaN inputs give NaN scales.
void tsk_narrow(const float *x, size_t count, int16_t *q, float *scales, float *sums);

/// y[t * stride + r] = x[t] . row r, for r < rows and t < tokens <= 4; `inputs` is a multiple of 32.
void tsk_rows_f32(
    int type, const void *weights, size_t row_bytes, size_t rows, size_t inputs, const float *x, size_t tokens, float *y,
    size_t stride);
void tsk_rows_i16(
    int type, const void *weights, size_t row_bytes, size_t rows, size_t inputs, const struct tsk_narrowed *x, size_t tokens,
    float *y, size_t stride);

/// Packs blocks `first ..< first + blocks` of 16 rows. A panel of fewer names one of them again; its copies are not used.
void tsk_pack_f32(int type, const void *const *rows, size_t first, size_t blocks, float *panel);
void tsk_pack_i16(int type, const void *const *rows, size_t first, size_t blocks, float *panel);

/// y[t * stride + r] (+)= x[t] . row r over the packed blocks, for r < rows <= 16. The blocks of `x` begin at `first`;
/// `add` is 0 for the first blocks of a row and 1 for the ones after.
void tsk_tiles_f32(
    const float *x, size_t tokens, size_t inputs, size_t first, size_t blocks, const float *panel, size_t rows, int add,
    float *y, size_t stride);
void tsk_tiles_i16(
    const struct tsk_narrowed *x, size_t tokens, size_t inputs, size_t first, size_t blocks, const float *panel, size_t rows,
    int add, float *y, size_t stride);
