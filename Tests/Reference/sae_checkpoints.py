"""Random SAEs in the layouts of sae-lens, sparsify, dictionary_learning, llamascopium and circuit-tracer, encoded by those libraries
and by topsail.

For each case the library's own class is filled with random weights, saved as the library saves or reads it, and run in fp32; then
`topsail sae encode` reads the same files. With --convert each checkpoint is also written by `topsail sae convert` and run by
sae-lens. Prints one line a case: worst differences of features and reconstructions, and how many entries are active in one
and not in the other. Exit status 1 when a case is off by more than 1e-4 (absolute or relative) or an active set differs.

    pip install sae-lens==6.54.12 eai-sparsify==1.3.3 dictionary-learning==0.1.0
    pip install --no-deps llamascopium==2.0.0b34 circuit-tracer==0.5.0  # and what their imports ask for; their pins exclude sae-lens'
    swift build -c release
    python Tests/Reference/sae_checkpoints.py .build/release/topsail --convert
    python Tests/Reference/sae_checkpoints.py .build/release/topsail --peer llamascopium
"""

import argparse
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")

import torch
from safetensors.torch import load_file, save_file

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
SIZES = [(16, 64, 5), (33, 130, 17), (64, 1500, 40)]


def randomise(module, generator, dtype):
    """Fills all parameters with numbers that `dtype` holds exactly, decoders at about unit norm."""
    with torch.no_grad():
        for name, value in list(module.named_parameters()) + list(module.named_buffers()):
            if not value.is_floating_point():
                continue
            scale = 0.3 if value.dim() < 2 else value.shape[-1] ** -0.5
            new = torch.randn(value.shape, generator=generator) * scale
            if "threshold" in name:
                new = new.abs() + 0.05
            value.copy_(new.to(dtype).to(value.dtype))


# MARK: sae-lens


def sae_lens_cases(d_in, d_sae, generator, dtype_name):
    from sae_lens.saes.abstopk_sae import AbsTopKSAE, AbsTopKSAEConfig
    from sae_lens.saes.gated_sae import GatedSAE, GatedSAEConfig
    from sae_lens.saes.jumprelu_sae import JumpReLUSAE, JumpReLUSAEConfig
    from sae_lens.saes.matching_pursuit_sae import MatchingPursuitSAE, MatchingPursuitSAEConfig
    from sae_lens.saes.sae import SAEMetadata
    from sae_lens.saes.standard_sae import StandardSAE, StandardSAEConfig
    from sae_lens.saes.temporal_sae import TemporalSAE, TemporalSAEConfig
    from sae_lens.saes.topk_sae import TopKSAE, TopKSAEConfig
    from sae_lens.saes.transcoder import (
        JumpReLUSkipTranscoder, JumpReLUSkipTranscoderConfig, JumpReLUTranscoder, JumpReLUTranscoderConfig,
        SkipTranscoder, SkipTranscoderConfig, Transcoder, TranscoderConfig)

    k = max(2, d_sae // 12)
    common = dict(d_in=d_in, d_sae=d_sae, metadata=SAEMetadata(hook_name="blocks.3.hook_resid_post"))
    other = dict(common, d_out=d_in + 7, apply_b_dec_to_input=False)
    table = [
        ("standard", StandardSAE, StandardSAEConfig, common),
        ("standard, no b_dec", StandardSAE, StandardSAEConfig, dict(common, apply_b_dec_to_input=False)),
        ("standard, layer_norm", StandardSAE, StandardSAEConfig, dict(common, normalize_activations="layer_norm")),
        ("standard, constant_norm", StandardSAE, StandardSAEConfig,
         dict(common, normalize_activations="constant_norm_rescale")),
        ("gated", GatedSAE, GatedSAEConfig, common),
        ("topk", TopKSAE, TopKSAEConfig, dict(common, k=k)),
        ("topk, rescaled", TopKSAE, TopKSAEConfig, dict(common, k=k, rescale_acts_by_decoder_norm=True)),
        ("topk, layer_norm", TopKSAE, TopKSAEConfig, dict(common, k=k, normalize_activations="layer_norm")),
        ("abstopk", AbsTopKSAE, AbsTopKSAEConfig, dict(common, k=k)),
        ("jumprelu", JumpReLUSAE, JumpReLUSAEConfig, common),
        ("transcoder", Transcoder, TranscoderConfig, other),
        ("transcoder, layer_norm", Transcoder, TranscoderConfig, dict(other, normalize_activations="layer_norm")),
        ("skip_transcoder", SkipTranscoder, SkipTranscoderConfig, other),
        ("jumprelu_transcoder", JumpReLUTranscoder, JumpReLUTranscoderConfig, other),
        ("jumprelu_skip_transcoder", JumpReLUSkipTranscoder, JumpReLUSkipTranscoderConfig, other),
        ("matching_pursuit", MatchingPursuitSAE, MatchingPursuitSAEConfig,
         dict(common, residual_threshold=0.3, max_iterations=12)),
    ]
    if d_sae % 16 == 0:
        table += [
            ("temporal, tied", TemporalSAE, TemporalSAEConfig,
             dict(common, n_heads=2, n_attn_layers=2, bottleneck_factor=8, kval_topk=k,
                  normalize_activations="constant_scalar_rescale", activation_normalization_factor=0.6)),
            ("temporal, untied relu", TemporalSAE, TemporalSAEConfig,
             dict(common, n_heads=2, n_attn_layers=1, bottleneck_factor=8, sae_diff_type="relu", tied_weights=False)),
        ]
    for name, make, configure, arguments in table:
        sae = make(configure(**arguments))
        randomise(sae, generator, DTYPES[dtype_name])
        if name == "matching_pursuit":
            with torch.no_grad():
                sae.W_dec /= sae.W_dec.norm(dim=1, keepdim=True)
                sae.W_dec.copy_(sae.W_dec.to(DTYPES[dtype_name]).float())
        yield name, sae


def save_sae_lens(sae, folder, dtype_name):
    sae.save_model(folder)
    narrow(f"{folder}/sae_weights.safetensors", dtype_name)


def narrow(path, dtype_name):
    """Stores the same numbers in another type."""
    if dtype_name != "float32":
        save_file({name: value.to(DTYPES[dtype_name]).contiguous() for name, value in load_file(path).items()}, path)


def run_sae_lens(sae, x):
    with torch.no_grad():
        if sae.cfg.architecture() == "temporal":
            return sae.encode(x[None])[0], sae(x[None])[0]
        if sae.cfg.architecture().endswith("skip_transcoder"):
            return sae.encode(x), sae(x)
        # Encoding keeps the norms of the rows for decoding.
        features = sae.encode(x)
        return features, sae.decode(features)


# MARK: sparsify


def sparsify_cases(d_in, d_sae, generator, dtype_name):
    from sparsify import SparseCoder
    from sparsify.config import SparseCoderConfig

    k = max(2, d_sae // 12)
    groups = next(g for g in range(k, 0, -1) if d_sae % g == 0)
    for name, arguments in [
        ("topk", dict(k=k, num_latents=d_sae)),
        ("groupmax", dict(k=groups, num_latents=d_sae, activation="groupmax")),
        ("transcoder", dict(k=k, num_latents=d_sae, transcode=True)),
        ("skip transcoder", dict(k=k, num_latents=d_sae, transcode=True, skip_connection=True)),
    ]:
        coder = SparseCoder(d_in, SparseCoderConfig(**arguments), device="cpu", dtype=torch.float32)
        randomise(coder, generator, DTYPES[dtype_name])
        yield name, coder


def save_sparsify(coder, folder, dtype_name):
    coder.save_to_disk(f"{folder}/layers.3")
    narrow(f"{folder}/layers.3/sae.safetensors", dtype_name)


def run_sparsify(coder, x):
    with torch.no_grad():
        encoded = coder.encode(x)
        features = torch.zeros(len(x), coder.num_latents).scatter_(1, encoded.top_indices, encoded.top_acts)
        reconstruction = features @ coder.W_dec + coder.b_dec
        if coder.W_skip is not None:
            reconstruction = reconstruction + x @ coder.W_skip.mT
        return features, reconstruction


# MARK: dictionary_learning


def dictionary_learning_cases(d_in, d_sae, generator, dtype_name):
    from dictionary_learning import dictionary
    from dictionary_learning.trainers.batch_top_k import BatchTopKSAE
    from dictionary_learning.trainers.matryoshka_batch_top_k import MatryoshkaBatchTopKSAE
    from dictionary_learning.trainers.top_k import AutoEncoderTopK

    k = max(2, d_sae // 12)
    groups = [d_sae // 4, d_sae // 4, d_sae - 2 * (d_sae // 4)]
    for name, sae in [
        ("AutoEncoder", dictionary.AutoEncoder(d_in, d_sae)),
        ("AutoEncoderNew", dictionary.AutoEncoderNew(d_in, d_sae)),
        ("GatedAutoEncoder", dictionary.GatedAutoEncoder(d_in, d_sae)),
        ("JumpReluAutoEncoder", dictionary.JumpReluAutoEncoder(d_in, d_sae)),
        ("AutoEncoderTopK", AutoEncoderTopK(d_in, d_sae, k)),
        ("BatchTopKSAE", BatchTopKSAE(d_in, d_sae, k)),
        ("MatryoshkaBatchTopKSAE", MatryoshkaBatchTopKSAE(d_in, d_sae, k, groups)),
    ]:
        randomise(sae, generator, DTYPES[dtype_name])
        yield name, sae


def save_dictionary_learning(sae, folder, dtype_name):
    target = f"{folder}/resid_post_layer_3/trainer_0"
    os.makedirs(target)
    narrowed = {
        name: value.to(DTYPES[dtype_name]) if value.is_floating_point() else value
        for name, value in sae.state_dict().items()
    }
    torch.save(narrowed, f"{target}/ae.pt")
    trainer = {"dict_class": type(sae).__name__, "activation_dim": 1, "layer": 3, "lm_name": "EleutherAI/pythia-70m"}
    with open(f"{target}/config.json", "w") as file:
        json.dump({"trainer": trainer}, file)


def run_dictionary_learning(sae, x):
    with torch.no_grad():
        # What its loader does to the one class whose rows have no unit norm.
        if type(sae).__name__ == "AutoEncoder":
            norms = sae.decoder.weight.norm(dim=0)
            features = sae.encode(x) * norms
            return features, sae.decode(features / norms)
        features = sae.encode(x)
        return features, sae.decode(features)


# MARK: llamascopium

HOOK = "blocks.3.hook_resid_post"


def llamascopium_cases(d_in, d_sae, generator, dtype_name):
    from llamascopium.models.sae import SAEConfig, SparseAutoEncoder

    for activation in ["relu", "jumprelu", "topk", "batchtopk"]:
        for norm in ["token-wise", "batch-wise", "dataset-wise", "inference"]:
            for gated in [False, True]:
                for with_norms in [True, False]:
                    sae = SparseAutoEncoder(SAEConfig(
                        hook_point_in=HOOK, hook_point_out=HOOK, d_model=d_in, expansion_factor=(d_sae + 0.5) / d_in,
                        act_fn=activation, norm_activation=norm, use_glu_encoder=gated, top_k=max(2, d_sae // 12),
                        sparsity_include_decoder_norm=with_norms, use_decoder_bias=gated or with_norms))
                    randomise(sae, generator, DTYPES[dtype_name])
                    sae.set_dataset_average_activation_norm({HOOK: 3.5})
                    marks = ["GLU"] * gated + ["norms"] * with_norms
                    yield ", ".join([activation, norm, *marks]), sae


def save_llamascopium(sae, folder, dtype_name):
    sae.save_pretrained(folder)
    sae.cfg.save_hyperparameters(folder)
    narrow(f"{folder}/sae_weights.safetensors", dtype_name)


def run_llamascopium(sae, x):
    with torch.no_grad():
        scaled, factors = sae.normalize_activations({HOOK: x}, return_scale_factor=True)
        features = sae.encode(scaled[HOOK])
        return features, sae.denormalize_activations({HOOK: sae.decode(features)}, factors)[HOOK]


# MARK: circuit-tracer


def circuit_tracer_cases(d_in, d_sae, generator, dtype_name):
    """One layer of a cross-layer transcoder as Gemma Scope 2 stores it."""
    layers = 3
    shapes = {"w_enc": (d_in, d_sae), "w_dec": (d_sae, layers, d_in), "b_enc": (d_sae,), "b_dec": (d_in,), "threshold": (d_sae,)}
    for layer in range(layers - 1):
        tensors = {name: torch.randn(shape, generator=generator) * d_in ** -0.5 for name, shape in shapes.items()}
        tensors["threshold"] = tensors["threshold"].abs() + 0.05
        yield f"clt, layer {layer}", (layer, {name: value.to(DTYPES[dtype_name]) for name, value in tensors.items()})


def save_circuit_tracer(case, folder, dtype_name):
    layer, tensors = case
    os.makedirs(f"{folder}/clt/width_1k")
    save_file(tensors, f"{folder}/clt/width_1k/params_layer_{layer}.safetensors")


def run_circuit_tracer(case, x):
    from circuit_tracer.transcoder.cross_layer_transcoder import load_gemma_scope_2_clt

    layer, tensors = case
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        # It stacks the layers below the largest key.
        paths = {index: f"{folder}/{index}.safetensors" for index in range(4)}
        for path in paths.values():
            save_file(tensors, path)
        clt = load_gemma_scope_2_clt(paths, device=torch.device("cpu"), dtype=torch.float32)
        features = clt.encode_layer(x, layer)
        # What topsail calls the reconstruction is the sum over the layers that a feature writes to, as sae-lens has it.
        return features, features @ tensors["w_dec"].float().sum(dim=1) + tensors["b_dec"].float()


FAMILIES = {
    "sae-lens": (sae_lens_cases, save_sae_lens, run_sae_lens),
    "sparsify": (sparsify_cases, save_sparsify, run_sparsify),
    "dictionary_learning": (dictionary_learning_cases, save_dictionary_learning, run_dictionary_learning),
    "circuit-tracer": (circuit_tracer_cases, save_circuit_tracer, run_circuit_tracer),
    "llamascopium": (llamascopium_cases, save_llamascopium, run_llamascopium),
}


# MARK: Comparison


def topsail(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True)


def encode(program, checkpoint, x, folder):
    save_file({"input": x}, f"{folder}/input.safetensors")
    result = topsail(program, "sae", "encode", "--sae", checkpoint, "--input", f"{folder}/input.safetensors",
                     "--output", f"{folder}/output.safetensors")
    if result.returncode != 0:
        raise RuntimeError(result.stderr.strip())
    output = load_file(f"{folder}/output.safetensors")
    return output["features"], output["reconstruction"]


def compare(found, wanted):
    """Worst differences, disagreements of active sets, and whether all is within the tolerance."""
    features, reconstruction = [(a - b).abs().max().item() for a, b in zip(found, wanted)]
    flips = ((found[0] != 0) != (wanted[0] != 0)).sum().item()
    fits = all(torch.allclose(a, b, rtol=1e-4, atol=1e-4) for a, b in zip(found, wanted)) and flips == 0
    return features, reconstruction, flips, fits


def converted(program, checkpoint, x, folder):
    """What sae-lens makes of the checkpoint in the layout that topsail writes; `None` where it is refused."""
    from sae_lens import SAE

    result = topsail(program, "sae", "convert", checkpoint, "--output", f"{folder}/converted")
    if result.returncode != 0:
        if "SAELens layout" in result.stderr:
            return None
        raise RuntimeError(result.stderr.strip())
    with contextlib.redirect_stdout(io.StringIO()):
        return run_sae_lens(SAE.load_from_disk(f"{folder}/converted", device="cpu"), x)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the built topsail")
    parser.add_argument("--convert", action="store_true", help="also run what topsail sae convert writes in sae-lens")
    parser.add_argument("--peer", action="append", choices=FAMILIES, help="only these (default: all)")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    failures = 0
    print(f"{'library':20} {'class':34} {'d_in':>5} {'d_sae':>5} {'dtype':9} {'features':>9} {'recon.':>9} {'flips':>5}  converted")
    for family in arguments.peer or FAMILIES:
        cases, save, run = FAMILIES[family]
        for d_in, d_sae, tokens in SIZES:
            for dtype in DTYPES:
                generator = torch.Generator().manual_seed(arguments.seed + d_sae)
                for name, sae in cases(d_in, d_sae, generator, dtype):
                    x = torch.randn(tokens, d_in, generator=generator)
                    with tempfile.TemporaryDirectory() as folder:
                        save(sae, f"{folder}/sae", dtype)
                        wanted = run(sae, x)
                        features, reconstruction, flips, fits = compare(
                            encode(arguments.program, f"{folder}/sae", x, folder), wanted)
                        note = ""
                        if arguments.convert:
                            other = converted(arguments.program, f"{folder}/sae", x, folder)
                            note = "refused"
                            if other is not None:
                                worst, _, moved, same = compare(other, wanted)
                                note = f"{worst:.1e} {moved}"
                                fits = fits and same
                    failures += not fits
                    print(f"{family:20} {name:34} {d_in:5} {d_sae:5} {dtype:9} {features:9.1e} {reconstruction:9.1e} "
                          f"{flips:5}  {note}{'' if fits else '  OFF'}", flush=True)
    print(f"{failures} cases off" if failures else "all agree")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
