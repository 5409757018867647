"""The model configurations that models.py compares: for each family its variants, with sizes drawn anew for each seed."""

import random

from transformers import (
    Gemma2Config,
    Gemma3Config,
    Gemma3TextConfig,
    GemmaConfig,
    GPT2Config,
    GPTNeoXConfig,
    LlamaConfig,
    MistralConfig,
    Olmo2Config,
    Phi3Config,
    Qwen2Config,
    Qwen3Config,
)

CONTEXT = 1536


def sizes(seed, dense_head=False):
    """Head counts, widths and depths, more often than not multiples of nothing."""
    rng = random.Random(seed)
    kv = rng.choice([1, 2, 3])
    heads = kv * rng.choice([1, 2, 3, 4])
    head = rng.choice([6, 8, 10, 14, 16, 20, 34])
    width = heads * (head if dense_head else rng.choice([5, 7, 9, 12, 16]))
    mlp = rng.choice([37, 53, 96, 150, 211])
    if rng.random() < 0.4:
        # Kernels take another way when rows are whole blocks of 32.
        head = rng.choice([16, 32, 64])
        width, mlp = heads * 32, rng.choice([64, 160, 288])
    return {
        "rng": rng, "heads": heads, "kv": kv, "head": head, "width": width, "mlp": mlp,
        "vocab": rng.choice([61, 97, 203, 509]), "layers": rng.choice([2, 3]), "tied": rng.random() < 0.5,
    }


def llama_like(s, **more):
    """The keyword arguments that Llama and those after it share."""
    return {
        "hidden_size": s["width"], "num_hidden_layers": s["layers"], "num_attention_heads": s["heads"],
        "num_key_value_heads": s["kv"], "intermediate_size": s["mlp"], "vocab_size": s["vocab"],
        "max_position_embeddings": CONTEXT, "tie_word_embeddings": s["tied"], "pad_token_id": 0, "bos_token_id": 1,
        "eos_token_id": s["vocab"] - 1, **more,
    }


def headed(s, **more):
    """As above, with a head size of its own."""
    return llama_like(s, head_dim=s["head"], **more)


def rope(kind, theta=10000.0, **more):
    return {"rope_type": kind, "rope_theta": theta, **more}


def gpt2(s, **more):
    return GPT2Config(
        n_embd=s["width"], n_layer=s["layers"], n_head=s["heads"], vocab_size=s["vocab"], n_positions=CONTEXT,
        tie_word_embeddings=s["tied"], pad_token_id=0, bos_token_id=1, eos_token_id=s["vocab"] - 1, **more)


def neox(s, **more):
    parameters = {"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.25} | more.pop("rope", {})
    return GPTNeoXConfig(
        hidden_size=s["width"], num_hidden_layers=s["layers"], num_attention_heads=s["heads"],
        intermediate_size=s["mlp"], vocab_size=s["vocab"], max_position_embeddings=CONTEXT,
        tie_word_embeddings=s["tied"], rope_parameters=parameters, pad_token_id=0, bos_token_id=1,
        eos_token_id=s["vocab"] - 1, **more)


def phi3(s, share=1.0, length=CONTEXT, original=256, long=False, **more):
    if share != 1:
        # transformers wants one factor a pair and cannot rotate an odd number of dimensions with them.
        s = s | {"width": 16 * s["heads"]}
    pairs = int(s["width"] // s["heads"] * share) // 2
    parameters = {"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": share}
    if long:
        rng = s["rng"]
        parameters |= {
            "rope_type": "longrope", "original_max_position_embeddings": original,
            "short_factor": [round(1 + rng.random(), 3) for _ in range(pairs)],
            "long_factor": [round(1 + 5 * rng.random(), 3) for _ in range(pairs)],
        }
    arguments = llama_like(s, rope_parameters=parameters, original_max_position_embeddings=original, **more)
    return Phi3Config(**arguments | {"max_position_embeddings": length})


def gemma3(s, full=None, sliding=None, **more):
    parameters = {
        "full_attention": rope("default", 1_000_000.0) | (full or {}),
        "sliding_attention": rope("default", 10_000.0) | (sliding or {}),
    }
    s = s | {"layers": max(s["layers"], 7)}
    return Gemma3TextConfig(
        **headed(s, rope_parameters=parameters, query_pre_attn_scalar=23, sliding_window=40, **more))


def gemma3_multimodal(s):
    text = gemma3(s)
    vision = {
        "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2,
        "image_size": 16, "patch_size": 8,
    }
    return Gemma3Config(
        text_config=text, vision_config=vision, mm_tokens_per_image=4, image_token_index=s["vocab"] - 2,
        boi_token_index=s["vocab"] - 3, eoi_token_index=s["vocab"] - 4, tie_word_embeddings=s["tied"])


LLAMA3 = {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 64}
YARN = {"factor": 4.0, "original_max_position_embeddings": 128}

# family, variant, how the configuration is made from sizes, whether a head is as wide as the model over the heads.
VARIANTS = [
    ("gpt2", "plain", lambda s: gpt2(s), True),
    ("gpt2", "gelu, n_inner, inverse layer scale",
     lambda s: gpt2(s, activation_function="gelu", n_inner=s["mlp"], scale_attn_by_inverse_layer_idx=True), True),
    ("gpt2", "relu, unscaled", lambda s: gpt2(s, activation_function="relu", scale_attn_weights=False), True),
    ("gpt_neox", "parallel", lambda s: neox(s), True),
    ("gpt_neox", "serial", lambda s: neox(s, use_parallel_residual=False), True),
    ("gpt_neox", "rotary 100 %, tanh", lambda s: neox(
        s, rope={"partial_rotary_factor": 1.0}, hidden_act="gelu_pytorch_tanh"), True),
    ("gpt_neox", "no attention bias", lambda s: neox(s, attention_bias=False), True),
    ("gpt_neox", "linear", lambda s: neox(s, rope={"rope_type": "linear", "factor": 3.0}), True),
    ("llama", "plain", lambda s: LlamaConfig(**llama_like(s)), True),
    ("llama", "head_dim", lambda s: LlamaConfig(**headed(s)), False),
    ("llama", "attention and mlp bias", lambda s: LlamaConfig(**headed(s, attention_bias=True, mlp_bias=True)), False),
    ("llama", "gelu", lambda s: LlamaConfig(**headed(s, hidden_act="gelu")), False),
    ("llama", "linear", lambda s: LlamaConfig(**headed(s, rope_parameters=rope("linear", factor=4.0))), False),
    ("llama", "dynamic", lambda s: LlamaConfig(
        **headed(s, rope_parameters=rope("dynamic", factor=6.0)) | {"max_position_embeddings": 256}), False),
    ("llama", "llama3", lambda s: LlamaConfig(**headed(s, rope_parameters=rope("llama3", 500000.0, **LLAMA3))), False),
    ("llama", "yarn", lambda s: LlamaConfig(**headed(s, rope_parameters=rope("yarn", **YARN))), False),
    ("llama", "yarn, mscale, no truncation", lambda s: LlamaConfig(**headed(s, rope_parameters=rope(
        "yarn", mscale=0.8, mscale_all_dim=0.6, beta_fast=24.0, beta_slow=2.0, truncate=False, **YARN))), False),
    ("llama", "yarn, attention factor", lambda s: LlamaConfig(
        **headed(s, rope_parameters=rope("yarn", attention_factor=1.3, **YARN))), False),
    ("mistral", "window 40", lambda s: MistralConfig(**headed(s, sliding_window=40)), False),
    ("mistral", "window 1,024", lambda s: MistralConfig(**headed(s, sliding_window=1024)), False),
    ("mistral", "no window", lambda s: MistralConfig(**headed(s, sliding_window=None)), False),
    ("qwen2", "plain", lambda s: Qwen2Config(**llama_like(s)), True),
    ("qwen2", "window from layer 1", lambda s: Qwen2Config(
        **llama_like(s, use_sliding_window=True, sliding_window=48, max_window_layers=1)), True),
    ("qwen2", "yarn", lambda s: Qwen2Config(**llama_like(s, rope_parameters=rope("yarn", 1e6, **YARN))), True),
    ("qwen3", "plain", lambda s: Qwen3Config(**headed(s)), False),
    ("qwen3", "bias, window from layer 1", lambda s: Qwen3Config(
        **headed(s, attention_bias=True, use_sliding_window=True, sliding_window=48, max_window_layers=1)), False),
    ("qwen3", "dynamic", lambda s: Qwen3Config(
        **headed(s, rope_parameters=rope("dynamic", 1e6, factor=6.0)) | {"max_position_embeddings": 256}), False),
    ("gemma", "plain", lambda s: GemmaConfig(**headed(s)), False),
    ("gemma2", "plain", lambda s: Gemma2Config(**headed(
        s, query_pre_attn_scalar=11, sliding_window=40, attn_logit_softcapping=5.0, final_logit_softcapping=8.0)),
     False),
    ("gemma2", "no caps, layer types", lambda s: Gemma2Config(**headed(
        s, query_pre_attn_scalar=11, sliding_window=70, attn_logit_softcapping=None, final_logit_softcapping=None,
        layer_types=["full_attention"] + ["sliding_attention"] * (s["layers"] - 1))), False),
    ("gemma3_text", "plain", lambda s: gemma3(s), False),
    ("gemma3_text", "layer types", lambda s: gemma3(
        s | {"layers": 7}, layer_types=["full_attention", "sliding_attention", "full_attention"]
        + ["sliding_attention"] * 4), False),
    ("gemma3_text", "sliding_window_pattern 3, linear", lambda s: gemma3(
        s, sliding_window_pattern=3, full={"rope_type": "linear", "factor": 8.0}), False),
    ("gemma3_text", "caps, yarn globally", lambda s: gemma3(
        s, attn_logit_softcapping=5.0, final_logit_softcapping=8.0, full={"rope_type": "yarn", **YARN}), False),
    ("gemma3", "multimodal wrapper", gemma3_multimodal, False),
    ("phi3", "plain", lambda s: phi3(s), True),
    ("phi3", "window 48", lambda s: phi3(s, sliding_window=48), True),
    ("phi3", "longrope", lambda s: phi3(s, long=True), True),
    ("phi3", "longrope, partial 0.75, window", lambda s: phi3(s, share=0.75, long=True, sliding_window=600), True),
    ("phi3", "partial 0.5", lambda s: phi3(s, share=0.5), True),
    ("olmo2", "plain", lambda s: Olmo2Config(**llama_like(s)), True),
    ("olmo2", "llama3", lambda s: Olmo2Config(
        **llama_like(s, rope_parameters=rope("llama3", 500000.0, **LLAMA3))), True),
]


def configuration(make, seed, dense_head):
    """The configuration of a variant for a seed."""
    return make(sizes(seed, dense_head))
