// Activation functions, in place. Absolute errors are below 3e-7 * max(1, |x|).
#pragma once

#include <stddef.h>

/// gate[i] = silu(gate[i]) * up[i], silu(z) = z / (1 + exp(-z)). Without the product when `up` is NULL; so below.
void tsk_silu_multiply(float *gate, const float *up, size_t count);

/// gate[i] = 0.5 z (1 + tanh(sqrt(2 / pi) (z + 0.044715 z^3))) * up[i] (Hendrycks and Gimpel 2016), `gelu_new` of GPT-2.
void tsk_gelu_tanh_multiply(float *gate, const float *up, size_t count);

/// gate[i] = 0.5 z (1 + erf(z / sqrt(2))) * up[i], the exact GELU.
void tsk_gelu_erf_multiply(float *gate, const float *up, size_t count);

/// x[i] = max(x[i], 0).
void tsk_relu(float *x, size_t count);

/// x[i] = cap * tanh(x[i] / cap), the soft cap of Gemma 2. `cap` > 0.
void tsk_softcap(float *x, float cap, size_t count);
