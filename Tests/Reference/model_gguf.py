"""GGUF files written with the gguf package: transformers runs on the values that the stored blocks stand for."""

import pathlib
import tempfile

import gguf
import numpy
import torch
from gguf import GGMLQuantizationType as Type
from gguf import quants

import model_runs as runs
import model_variants as variants

TYPES = {"F16": Type.F16, "BF16": Type.BF16, "Q8_0": Type.Q8_0, "Q4_0": Type.Q4_0, "Q5_1": Type.Q5_1}

LAYER = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "self_attn.qkv_proj": "attn_qkv", "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm", "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down", "mlp.gate_up_proj": "ffn_up",
    "attention.query_key_value": "attn_qkv", "attention.dense": "attn_output", "mlp.dense_h_to_4h": "ffn_up",
    "mlp.dense_4h_to_h": "ffn_down", "attn.c_attn": "attn_qkv", "attn.c_proj": "attn_output", "mlp.c_fc": "ffn_up",
    "mlp.c_proj": "ffn_down", "ln_1": "attn_norm", "ln_2": "ffn_norm",
}
SANDWICH = LAYER | {
    "post_attention_layernorm": "post_attention_norm", "pre_feedforward_layernorm": "ffn_norm",
    "post_feedforward_layernorm": "post_ffw_norm",
}
GLOBAL = {
    "embed_tokens": "token_embd", "norm": "output_norm", "lm_head": "output", "embed_in": "token_embd",
    "embed_out": "output", "final_layer_norm": "output_norm", "wte": "token_embd", "wpe": "position_embd",
    "ln_f": "output_norm",
}
ARCHITECTURES = {
    "llama": "llama", "qwen2": "qwen2", "qwen3": "qwen3", "gemma": "gemma", "gemma2": "gemma2",
    "gemma3_text": "gemma3", "gpt2": "gpt2", "gpt_neox": "gptneox", "phi3": "phi3", "olmo2": "olmo2",
}


def settings(seed, dense_head):
    """Sizes that quantised rows of 32 allow."""
    s = variants.sizes(seed, dense_head)
    heads, head = s["heads"] * 2, s["rng"].choice([16, 32, 48])
    return s | {
        "heads": heads, "kv": s["kv"] * 2, "head": head, "width": heads * (head if dense_head else 16) // 32 * 32 or 32,
        "mlp": s["rng"].choice([96, 160]), "vocab": 320,
    }


FORMS = [
    ("llama", lambda s: variants.LlamaConfig(**variants.headed(s)), False),
    ("llama", lambda s: variants.LlamaConfig(
        **variants.headed(s, rope_parameters=variants.rope("llama3", 500000.0, **variants.LLAMA3))), False),
    ("qwen2", lambda s: variants.Qwen2Config(**variants.llama_like(s)), True),
    ("qwen3", lambda s: variants.Qwen3Config(**variants.headed(s)), False),
    ("gemma", lambda s: variants.GemmaConfig(**variants.headed(s)), False),
    ("gemma2", lambda s: variants.Gemma2Config(**variants.headed(
        s, query_pre_attn_scalar=s["head"], sliding_window=40, attn_logit_softcapping=5.0,
        final_logit_softcapping=8.0)), False),
    ("gemma3_text", lambda s: variants.Gemma3TextConfig(**variants.headed(
        s | {"layers": 7}, query_pre_attn_scalar=s["head"], sliding_window=40)), False),
    ("gpt2", lambda s: variants.gpt2(s), True),
    ("gpt_neox", lambda s: variants.neox(s), True),
    ("gpt_neox", lambda s: variants.neox(s, use_parallel_residual=False), True),
    ("phi3", lambda s: variants.phi3(s, share=0.5), True),
    ("olmo2", lambda s: variants.Olmo2Config(**variants.llama_like(s)), True),
]


def gguf_name(name, family):
    parts = name.split(".")
    suffix = parts[-1]
    layers = next((i for i, part in enumerate(parts) if part in ("layers", "h")), None)
    if layers is None:
        return f"{GLOBAL[parts[-2]]}.{suffix}"
    names = SANDWICH if family in runs.POST_NORMS else LAYER
    return f"blk.{parts[layers + 1]}.{names['.'.join(parts[layers + 2:-1])]}.{suffix}"


def row_order(name, family, text):
    """Which row of transformers' matrix stands in each row of the file; `None` when they are the same."""
    heads = text.num_attention_heads
    if family == "llama" and ("q_proj" in name or "k_proj" in name) and name.endswith("weight"):
        count = heads if "q_proj" in name else text.num_key_value_heads
        d = text.head_dim
        return torch.arange(count * d).view(count, 2, d // 2).transpose(1, 2).reshape(-1)
    if family == "gpt_neox" and "query_key_value" in name:
        d = text.hidden_size // heads
        return torch.arange(3 * heads * d).view(heads, 3, d).transpose(0, 1).reshape(-1)
    return None


def write(model, family, kind, path):
    """Writes the file and puts into the model what the file's blocks stand for."""
    text = model.config.get_text_config()
    architecture = ARCHITECTURES[family]
    writer = gguf.GGUFWriter(path, architecture)
    metadata(writer, family, text)
    with torch.no_grad():
        for name, value in model.named_parameters():
            stored = gguf_name(name, family)
            order = row_order(name, family, text)
            # Conv1D keeps inputs first; the file keeps outputs first.
            is_turned = family == "gpt2" and value.dim() == 2 and ".h." in name
            array = value.T if is_turned else value
            array = array if order is None else array[order]
            is_norm = family.startswith("gemma") and "norm" in name
            array = (array + 1 if is_norm else array).contiguous().float().numpy()
            quantized = TYPES[kind] if value.dim() == 2 and "wpe" not in name else Type.F32
            blocks = quants.quantize(array, quantized)
            writer.add_tensor(stored, blocks, raw_dtype=quantized)
            back = torch.from_numpy(numpy.array(quants.dequantize(blocks, quantized))).view(array.shape)
            back = back if order is None else back[torch.argsort(order)]
            value.copy_((back.T if is_turned else back) - (1 if is_norm else 0))
    parameters = text.rope_parameters if hasattr(text, "rope_parameters") else {}
    if parameters.get("rope_type") == "llama3":
        plain = 1 / parameters["rope_theta"] ** (torch.arange(0, text.head_dim, 2) / text.head_dim)
        scaled = model.model.rotary_emb.inv_freq
        writer.add_tensor("rope_freqs.weight", (plain / scaled).float().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def metadata(writer, family, text):
    heads = text.num_attention_heads
    head = getattr(text, "head_dim", None) or text.hidden_size // heads
    writer.add_name("random")
    writer.add_block_count(text.num_hidden_layers)
    writer.add_context_length(text.max_position_embeddings)
    writer.add_embedding_length(text.hidden_size)
    writer.add_feed_forward_length(
        text.n_inner or 4 * text.hidden_size if family == "gpt2" else text.intermediate_size)
    writer.add_head_count(heads)
    writer.add_head_count_kv(getattr(text, "num_key_value_heads", heads))
    if hasattr(text, "head_dim"):
        writer.add_key_length(head)
        writer.add_value_length(head)
    if family in ("gpt2", "gpt_neox"):
        writer.add_layer_norm_eps(text.layer_norm_epsilon if family == "gpt2" else text.layer_norm_eps)
    else:
        writer.add_layer_norm_rms_eps(text.rms_norm_eps)
    if family == "gpt_neox":
        writer.add_parallel_residual(text.use_parallel_residual)
    if family != "gpt2":
        parameters = text.rope_parameters
        parameters = parameters.get("full_attention", parameters)
        share = parameters.get("partial_rotary_factor", 1.0)
        writer.add_rope_dimension_count(int(head * share))
        writer.add_rope_freq_base(parameters["rope_theta"])
    if family in ("gemma2", "gemma3_text"):
        writer.add_sliding_window(text.sliding_window)
    if family == "gemma2":
        writer.add_attn_logit_softcapping(text.attn_logit_softcapping)
        writer.add_final_logit_softcapping(text.final_logit_softcapping)
    tokens = [chr(c) if 33 <= c <= 126 or 161 <= c <= 172 or c >= 174 else None for c in range(256)]
    hidden = iter(range(256, 400))
    tokens = [token or chr(next(hidden)) for token in tokens]
    tokens += ["ab"] + [f"<|{i}|>" for i in range(text.vocab_size - 257)]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([1] * 257 + [4] * (len(tokens) - 257))
    writer.add_token_merges(["a b"])
    writer.add_eos_token_id(text.vocab_size - 1)


def compare_all(arguments, topsail, table, problems, compare, prompt):
    for number, (family, make, dense_head) in enumerate(FORMS):
        if arguments.family not in (None, family):
            continue
        for kind in TYPES:
            for seed in range(arguments.seeds):
                with tempfile.TemporaryDirectory(dir=topsail.work) as folder:
                    try:
                        config = make(settings(seed + number, dense_head))
                        runs.save(config, seed, torch.float32, folder, shards=False)
                        model = runs.load(folder, family)
                        path = pathlib.Path(folder) / "model.gguf"
                        write(model, family, kind, path)
                        for length in [7, 65, 300]:
                            ids = prompt(length, config.vocab_size, seed)
                            values = runs.reference(model, family, torch.tensor([ids]))
                            theirs = {name: value[0] for name, value in values.items()}
                            worst = compare(topsail.activations(path, ids, theirs), theirs)
                            table.add((family, f"gguf {number}", kind, length), worst, type(worst)())
                    except Exception as error:
                        problems.append(
                            f"gguf {family}, {kind}, seed {seed}: {type(error).__name__}: {str(error)[:300]}")
