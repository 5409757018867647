"""FP8 checkpoints: a model's linear weights in F8_E4M3 with scales, compared with the same values widened to fp32."""

import json
import pathlib
import tempfile

import torch
from safetensors.torch import load_file, save_file

import model_runs as runs
import model_variants as variants

LARGEST = torch.finfo(torch.float8_e4m3fn).max
TILE = 128


def whole(weight):
    """One factor for the matrix, as compressed-tensors writes a "tensor" strategy: shape [1]."""
    scale = weight.abs().max() / LARGEST
    return scale.reshape(1), scale.expand_as(weight), "weight_scale"


def rows(weight):
    """One factor an output row, shape [out, 1]."""
    scale = weight.abs().amax(dim=1, keepdim=True) / LARGEST
    return scale, scale.expand_as(weight), "weight_scale"


def tiles(weight):
    """One factor a tile of 128 by 128, shape [out tiles, in tiles]; the last tiles are cut off."""
    out, inputs = weight.shape
    high, wide = -(-out // TILE), -(-inputs // TILE)
    padded = torch.zeros(high * TILE, wide * TILE)
    padded[:out, :inputs] = weight.abs()
    scale = padded.view(high, TILE, wide, TILE).amax(dim=(1, 3)) / LARGEST
    return scale, scale.repeat_interleave(TILE, 0).repeat_interleave(TILE, 1)[:out, :inputs], "weight_scale_inv"


KINDS = {
    "one factor": (whole, {"quant_method": "compressed-tensors", "format": "float-quantized"}),
    "one factor a row": (rows, {"quant_method": "fbgemm_fp8"}),
    "one factor a 128 x 128 tile": (tiles, {"quant_method": "fp8", "weight_block_size": [TILE, TILE]}),
}


def quantize(folder, kind):
    """Rewrites a saved fp32 model in place; returns the widened weights."""
    scheme, settings = KINDS[kind]
    path = pathlib.Path(folder)
    tensors = load_file(path / "model.safetensors")
    stored, widened = {}, dict(tensors)
    for name, value in tensors.items():
        if "_proj" not in name or not name.endswith("weight"):
            stored[name] = value
            continue
        scale, factors, suffix = scheme(value)
        stored[name] = (value / factors).to(torch.float8_e4m3fn)
        stored[name.removesuffix("weight") + suffix] = scale.contiguous()
        widened[name] = stored[name].float() * factors
    save_file(stored, path / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((path / "config.json").read_text())
    (path / "config.json").write_text(json.dumps(config | {"quantization_config": settings}))
    return widened


def compare_all(arguments, topsail, table, problems, compare, prompt):
    shapes = [
        ("llama", lambda s: variants.LlamaConfig(**variants.headed(s | {"mlp": 300, "width": s["heads"] * 27}))),
        ("qwen2", lambda s: variants.Qwen2Config(**variants.llama_like(s | {"mlp": 257}))),
        ("phi3", lambda s: variants.phi3(s | {"mlp": 131})),
    ]
    for family, make in shapes:
        for kind in KINDS:
            if family == "phi3" and "tile" in kind:
                continue  # fused rows of such small models do not begin with a tile, which is refused
            for seed in range(arguments.seeds):
                with tempfile.TemporaryDirectory(dir=topsail.work) as folder:
                    try:
                        config = make(variants.sizes(seed + 5, dense_head=True))
                        runs.save(config, seed, torch.float32, folder, shards=False)
                        model = runs.load(folder, family)
                        model.load_state_dict(quantize(folder, kind), strict=False)
                        for length in [7, 65, 300]:
                            ids = prompt(length, config.vocab_size, seed)
                            values = runs.reference(model, family, torch.tensor([ids]))
                            theirs = {name: value[0] for name, value in values.items()}
                            worst = compare(topsail.activations(folder, ids, theirs), theirs)
                            table.add((family, kind, "fp8", length), worst, type(worst)())
                    except Exception as error:
                        problems.append(f"{family}, {kind}, seed {seed}: {str(error)[:300]}")
    refuse(topsail, problems)


def refuse(topsail, problems):
    """Other kinds of quantisation must be refused by their name."""
    for method in ["gptq", "awq", "bitsandbytes", "hqq", "mxfp4"]:
        with tempfile.TemporaryDirectory(dir=topsail.work) as folder:
            config = variants.LlamaConfig(**variants.headed(variants.sizes(1)))
            runs.save(config, 1, torch.float32, folder, shards=False)
            path = pathlib.Path(folder) / "config.json"
            settings = json.loads(path.read_text()) | {"quantization_config": {"quant_method": method, "bits": 4}}
            path.write_text(json.dumps(settings))
            try:
                topsail.activations(folder, [1, 2], ["resid_post.0"])
                problems.append(f"{method}: was not refused")
            except RuntimeError as error:
                if method not in str(error) or "quant" not in str(error):
                    problems.append(f"{method}: the refusal does not name it: {error}")
