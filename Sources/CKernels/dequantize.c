// GGUF block formats to fp32. Layouts: ggml's block definitions; formulas as listed in the GGUF facts of the project docs.
#include <string.h>

#include "CKernels.h"
#include "internal.h"

static inline float half_to_float(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16;
    uint32_t exponent = (half >> 10) & 0x1F, mantissa = half & 0x3FF, bits;
    if (exponent == 0x1F) {
        bits = sign | 0x7F800000u | (mantissa << 13);
    } else if (exponent != 0) {
        bits = sign | ((exponent + 112) << 23) | (mantissa << 13);
    } else {
        // Subnormal: the value is mantissa * 2^-24, exact in fp32.
        float value = (float)mantissa * 0x1p-24f;
        memcpy(&bits, &value, 4);
        bits |= sign;
    }
    float result;
    memcpy(&result, &bits, 4);
    return result;
}

static inline uint16_t float_to_half(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    uint32_t sign = (bits >> 16) & 0x8000, magnitude = bits & 0x7FFFFFFF;
    if (magnitude >= 0x7F800000) return (uint16_t)(sign | 0x7C00 | (magnitude > 0x7F800000 ? 0x200 : 0));
    if (magnitude >= 0x477FF000) return (uint16_t)(sign | 0x7C00);
    if (magnitude < 0x38800000) {
        // Below the smallest normal half: adding 0.5 aligns the mantissa so that the sum rounds to nearest even.
        float shifted;
        memcpy(&shifted, &magnitude, 4);
        shifted += 0.5f;
        uint32_t rounded;
        memcpy(&rounded, &shifted, 4);
        return (uint16_t)(sign | (rounded - 0x3F000000));
    }
    uint32_t rounded = magnitude - 0x38000000 + 0xFFF + ((magnitude >> 13) & 1);
    return (uint16_t)(sign | (rounded >> 13));
}

static inline uint16_t read_u16(const uint8_t *bytes) {
    uint16_t value;
    memcpy(&value, bytes, 2);
    return value;
}

static inline uint32_t read_u32(const uint8_t *bytes) {
    uint32_t value;
    memcpy(&value, bytes, 4);
    return value;
}

static inline float read_half(const uint8_t *bytes) { return half_to_float(read_u16(bytes)); }

TSK_CLONES void tsk_f16_to_f32(const uint16_t *restrict source, size_t count, float *restrict destination) {
    for (size_t i = 0; i < count; i++) {
        // Branch-free form of half_to_float so that the loop vectorises.
        uint32_t half = source[i], magnitude = half & 0x7FFF, bits = magnitude << 13;
        float scaled;
        memcpy(&scaled, &bits, 4);
        scaled *= 0x1p112f;
        memcpy(&bits, &scaled, 4);
        bits |= (magnitude >= 0x7C00 ? 0x7F800000u : 0u) | ((half & 0x8000) << 16);
        memcpy(&destination[i], &bits, 4);
    }
}

TSK_CLONES void tsk_f8e4m3_to_f32(const uint8_t *restrict source, size_t count, float *restrict destination) {
    for (size_t i = 0; i < count; i++) {
        uint32_t magnitude = source[i] & 0x7F, bits = magnitude << 20;
        float scaled;
        memcpy(&scaled, &bits, 4);
        // The exponent's bias goes from 7 to 127; subnormals become normal on the way.
        scaled *= 0x1p120f;
        memcpy(&bits, &scaled, 4);
        bits |= (magnitude == 0x7F ? 0x7FC00000u : 0u) | ((uint32_t)(source[i] & 0x80) << 24);
        memcpy(&destination[i], &bits, 4);
    }
}

void tsk_f32_to_f16(const float *restrict source, size_t count, uint16_t *restrict destination) {
    for (size_t i = 0; i < count; i++) destination[i] = float_to_half(source[i]);
}

TSK_CLONES static void bf16_row(const uint8_t *restrict in, size_t count, float *restrict out) {
    for (size_t i = 0; i < count; i++) {
        uint32_t bits = (uint32_t)read_u16(in + 2 * i) << 16;
        memcpy(&out[i], &bits, 4);
    }
}

TSK_CLONES static void q4_0_row(const uint8_t *restrict in, size_t count, float *restrict out) {
    for (size_t b = 0; b < count / 32; b++, in += 18, out += 32) {
        const float d = read_half(in);
        for (int i = 0; i < 16; i++) {
            out[i] = d * (float)((in[2 + i] & 15) - 8);
            out[i + 16] = d * (float)((in[2 + i] >> 4) - 8);
        }
    }
}

TSK_CLONES static void q4_1_row(const uint8_t *restrict in, size_t count, float *restrict out) {
    for (size_t b = 0; b < count / 32; b++, in += 20, out += 32) {
        const float d = read_half(in), m = read_half(in + 2);
        for (int i = 0; i < 16; i++) {
            out[i] = d * (float)(in[4 + i] & 15) + m;
            out[i + 16] = d * (float)(in[4 + i] >> 4) + m;
        }
    }
}

TSK_CLONES static void q5_0_row(const uint8_t *restrict in, size_t count, float *restrict out) {
    for (size_t b = 0; b < count / 32; b++, in += 22, out += 32) {
        const float d = read_half(in);
        const uint32_t high = read_u32(in + 2);
        for (int i = 0; i < 16; i++) {
            int low = (in[6 + i] & 15) | (int)((high >> i) & 1) << 4;
            int upper = (in[6 + i] >> 4) | (int)((high >> (i + 16)) & 1) << 4;
            out[i] = d * (float)(low - 16);
            out[i + 16] = d * (float)(upper - 16);
        }
    }
}

TSK_CLONES static void q5_1_row(const uint8_t *restrict in, size_t count, float *restrict out) {
    for (size_t b = 0; b < count / 32; b++, in += 24, out += 32) {
        const float d = read_half(in), m = read_half(in + 2);
        const uint32_t high = read_u32(in + 4);
        for (int i = 0; i < 16; i++) {
            int low = (in[8 + i] & 15) | (int)((high >> i) & 1) << 4;
            int upper = (in[8 + i] >> 4) | (int)((high >> (i + 16)) & 1) << 4;
            out[i] = d * (float)low + m;
            out[i + 16] = d * (float)upper + m;
        }
    }
}

TSK_CLONES static void q8_0_row(const uint8_t *restrict in, size_t count, float *restrict out) {
    for (size_t b = 0; b < count / 32; b++, in += 34, out += 32) {
        const float d = read_half(in);
        for (int i = 0; i < 32; i++) out[i] = d * (float)(int8_t)in[2 + i];
    }
}

static void q2_K_row(const uint8_t *restrict in, size_t count, float *restrict out) {
    for (size_t b = 0; b < count / 256; b++, in += 84, out += 256) {
        const uint8_t *scales = in, *qs = in + 16;
        const float d = read_half(in + 80), dmin = read_half(in + 82);
        for (int i = 0; i < 256; i++) {
            int half = i / 128, shift = (i % 128) / 32, lane = i % 32, scale = scales[i / 16];
            int q = (qs[32 * half + lane] >> (2 * shift)) & 3;
            out[i] = d * (float)(scale & 15) * (float)q - dmin * (float)(scale >> 4);
        }
    }
}

static void q3_K_row(const uint8_t *restrict in, size_t count, float *restrict out) {
    for (size_t b = 0; b < count / 256; b++, in += 110, out += 256) {
        const uint8_t *hmask = in, *qs = in + 32, *sc = in + 96;
        const float d = read_half(in + 108);
        float scales[16];
        for (int j = 0; j < 16; j++) {
            int low = j < 8 ? sc[j] & 15 : sc[j - 8] >> 4;
            int high = (sc[8 + j % 4] >> (2 * (j / 4))) & 3;
            scales[j] = d * (float)((low | high << 4) - 32);
        }
        for (int i = 0; i < 256; i++) {
            int half = i / 128, shift = (i % 128) / 32, lane = i % 32;
            int q = (qs[32 * half + lane] >> (2 * shift)) & 3;
            if (!((hmask[lane] >> (4 * half + shift)) & 1)) q -= 4;
            out[i] = scales[i / 16] * (float)q;
        }
    }
}

// The eight 6-bit scales and minima that Q4_K and Q5_K pack in 12 bytes.
static inline void k_scales(const uint8_t *sc, int j, int *scale, int *minimum) {
    if (j < 4) {
        *scale = sc[j] & 63;
        *minimum = sc[j + 4] & 63;
    } else {
        *scale = (sc[j + 4] & 15) | (sc[j - 4] >> 6) << 4;
        *minimum = (sc[j + 4] >> 4) | (sc[j] >> 6) << 4;
    }
}

TSK_CLONES static void q4_K_row(const uint8_t *restrict in, size_t count, float *restrict out) {
    for (size_t b = 0; b < count / 256; b++, in += 144, out += 256) {
        const float d = read_half(in), dmin = read_half(in + 2);
        const uint8_t *qs = in + 16;
        for (int j = 0; j < 8; j++) {
            int scale, minimum;
            k_scales(in + 4, j, &scale, &minimum);
            const float s = d * (float)scale, m = dmin * (float)minimum;
            const uint8_t *q = qs + 32 * (j / 2);
            const int shift = 4 * (j % 2);
            for (int i = 0; i < 32; i++) out[32 * j + i] = s * (float)((q[i] >> shift) & 15) - m;
        }
    }
}

TSK_CLONES static void q5_K_row(const uint8_t *restrict in, size_t count, float *restrict out) {
    for (size_t b = 0; b < count / 256; b++, in += 176, out += 256) {
        const float d = read_half(in), dmin = read_half(in + 2);
        const uint8_t *high = in + 16, *qs = in + 48;
        for (int j = 0; j < 8; j++) {
            int scale, minimum;
            k_scales(in + 4, j, &scale, &minimum);
            const float s = d * (float)scale, m = dmin * (float)minimum;
            const uint8_t *q = qs + 32 * (j / 2);
            const int shift = 4 * (j % 2);
            for (int i = 0; i < 32; i++) {
                int value = ((q[i] >> shift) & 15) | ((high[i] >> j) & 1) << 4;
                out[32 * j + i] = s * (float)value - m;
            }
        }
    }
}

TSK_CLONES static void q6_K_row(const uint8_t *restrict in, size_t count, float *restrict out) {
    for (size_t b = 0; b < count / 256; b++, in += 210, out += 256) {
        const uint8_t *ql = in, *qh = in + 128;
        const int8_t *scales = (const int8_t *)(in + 192);
        const float d = read_half(in + 208);
        for (int group = 0; group < 8; group++) {
            const int half = group / 4, k = group % 4;
            const uint8_t *low = ql + 64 * half + 32 * (k % 2), *high = qh + 32 * half;
            const int low_shift = k < 2 ? 0 : 4;
            for (int i = 0; i < 32; i++) {
                int q = ((low[i] >> low_shift) & 15) | ((high[i] >> (2 * k)) & 3) << 4;
                out[32 * group + i] = d * (float)scales[2 * group + i / 16] * (float)(q - 32);
            }
        }
    }
}

static const int8_t iq4_values[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

static void iq4_nl_row(const uint8_t *restrict in, size_t count, float *restrict out) {
    for (size_t b = 0; b < count / 32; b++, in += 18, out += 32) {
        const float d = read_half(in);
        for (int i = 0; i < 16; i++) {
            out[i] = d * (float)iq4_values[in[2 + i] & 15];
            out[i + 16] = d * (float)iq4_values[in[2 + i] >> 4];
        }
    }
}

static void iq4_xs_row(const uint8_t *restrict in, size_t count, float *restrict out) {
    for (size_t b = 0; b < count / 256; b++, in += 136, out += 256) {
        const float d = read_half(in);
        const uint16_t high = read_u16(in + 2);
        const uint8_t *low = in + 4, *qs = in + 8;
        for (int j = 0; j < 8; j++) {
            int scale = ((low[j / 2] >> (4 * (j % 2))) & 15) | ((high >> (2 * j)) & 3) << 4;
            const float s = d * (float)(scale - 32);
            for (int i = 0; i < 16; i++) {
                out[32 * j + i] = s * (float)iq4_values[qs[16 * j + i] & 15];
                out[32 * j + i + 16] = s * (float)iq4_values[qs[16 * j + i] >> 4];
            }
        }
    }
}

int tsk_dequantize(int type, const void *source, size_t count, float *destination) {
    switch (type) {
    case TSK_F32: memcpy(destination, source, count * sizeof(float)); return 0;
    case TSK_F16: tsk_f16_to_f32(source, count, destination); return 0;
    case TSK_BF16: bf16_row(source, count, destination); return 0;
    case TSK_Q4_0: q4_0_row(source, count, destination); return 0;
    case TSK_Q4_1: q4_1_row(source, count, destination); return 0;
    case TSK_Q5_0: q5_0_row(source, count, destination); return 0;
    case TSK_Q5_1: q5_1_row(source, count, destination); return 0;
    case TSK_Q8_0: q8_0_row(source, count, destination); return 0;
    case TSK_Q2_K: q2_K_row(source, count, destination); return 0;
    case TSK_Q3_K: q3_K_row(source, count, destination); return 0;
    case TSK_Q4_K: q4_K_row(source, count, destination); return 0;
    case TSK_Q5_K: q5_K_row(source, count, destination); return 0;
    case TSK_Q6_K: q6_K_row(source, count, destination); return 0;
    case TSK_IQ4_NL: iq4_nl_row(source, count, destination); return 0;
    case TSK_IQ4_XS: iq4_xs_row(source, count, destination); return 0;
    default: return -1;
    }
}
