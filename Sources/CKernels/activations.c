// Activation functions of MLPs, element by element and free of branches, so that they vectorise.
//
// Polynomials were fitted for this file (least squares on Chebyshev nodes, reweighted towards the least largest error).
#include "CKernels.h"
#include "internal.h"
#include "lanes.h"

// Each function is one expression of a float; with `up`, the result is multiplied by it.
#define GATED(NAME, FUNCTION)                                                                          \
    TSK_CLONES void NAME(float *restrict gate, const float *restrict up, size_t count) {               \
        if (up) {                                                                                      \
            for (size_t i = 0; i < count; i++) gate[i] = FUNCTION(gate[i]) * up[i];                    \
        } else {                                                                                       \
            for (size_t i = 0; i < count; i++) gate[i] = FUNCTION(gate[i]);                            \
        }                                                                                              \
    }

static inline float silu(float x) { return x / (1.0f + fast_exp(-x)); }

// 0.5 (1 + tanh(z)) is the logistic function of 2z, which keeps its relative precision far below zero.
static inline float gelu_tanh(float x) {
    const float z = 0.7978845608f * (x + 0.044715f * x * x * x);
    return x / (1.0f + fast_exp(-2.0f * z));
}

// erf by a polynomial below 1 (error 1e-9), erfc(z) = exp(-z^2) R(1 / (1 + z / 2)) above (relative error 4e-7).
static inline float gelu_erf(float x) {
    const float z = fabsf(x) * 0.7071067812f, u = z * z;
    float p = 7.889119533e-05f;
    p = p * u - 8.020841281e-04f;
    p = p * u + 5.189535339e-03f;
    p = p * u - 2.685444459e-02f;
    p = p * u + 1.128360018e-01f;
    p = p * u - 3.761262714e-01f;
    p = p * u + 1.128379166e+00f;
    const float t = 1.0f / (1.0f + 0.5f * z);
    float r = -1.179563947e-01f;
    r = r * t + 1.247834230e-01f;
    r = r * t + 1.923916442e-01f;
    r = r * t + 2.303021034e-01f;
    r = r * t + 2.871783343e-01f;
    r = r * t + 2.813902444e-01f;
    r = r * t + 3.733539290e-05f;
    const float complement = z < 1.0f ? 1.0f - z * p : fast_exp(-u) * r;
    const float half = 0.5f * x * complement;
    return x > 0.0f ? x - half : half;
}

// tanh by a polynomial below 0.6 (relative error 7e-8), by exp above.
static inline float fast_tanh(float x) {
    const float z = fabsf(x), u = z * z;
    float p = 1.550464040e-02f;
    p = p * u - 5.212254854e-02f;
    p = p * u + 1.331064881e-01f;
    p = p * u - 3.333234431e-01f;
    p = p * u + 9.999999308e-01f;
    const float y = z < 0.6f ? z * p : 1.0f - 2.0f / (fast_exp(2.0f * z) + 1.0f);
    return copysignf(y, x);
}

GATED(tsk_silu_multiply, silu)
GATED(tsk_gelu_tanh_multiply, gelu_tanh)
GATED(tsk_gelu_erf_multiply, gelu_erf)

TSK_CLONES void tsk_relu(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] = x[i] > 0.0f ? x[i] : 0.0f;
}

TSK_CLONES void tsk_softcap(float *x, float cap, size_t count) {
    const float inverse = 1.0f / cap;
    for (size_t i = 0; i < count; i++) x[i] = cap * fast_tanh(x[i] * inverse);
}
