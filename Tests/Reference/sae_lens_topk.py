#!/usr/bin/env python3
"""Trains and measures TopK SAEs with SAELens, to compare Topsail's trainer and files with.

Activations are safetensors files with one tensor [tokens, d_in] named "input".

  sae_lens_topk.py train --input TRAIN --held-out HELD --width 5760 --k 32 --tokens 4000000 [--output FOLDER]
  sae_lens_topk.py evaluate --sae FOLDER --held-out HELD

`train` runs sae_lens' own TopKTrainingSAE in its own SAETrainer. `evaluate` opens a folder, ours or theirs, with
SAE.load_from_disk. Both print one line of JSON. Needs sae-lens 6.54 and torch; nothing is fetched from a hub.
"""

import argparse
import json
import os
import time

os.environ.setdefault("WANDB_MODE", "disabled")

import torch
from safetensors import safe_open
from sae_lens import SAE
from sae_lens.config import SAETrainerConfig
from sae_lens.saes.topk_sae import TopKTrainingSAE, TopKTrainingSAEConfig
from sae_lens.training.sae_trainer import SAETrainer


def read(path):
    with safe_open(path, framework="pt") as file:
        names = list(file.keys())
        return file.get_tensor("input" if "input" in names else names[0])


def batches(activations, size, seed):
    """Endless batches; every row once per epoch, shuffled anew each time."""
    generator = torch.Generator().manual_seed(seed)
    while True:
        order = torch.randperm(len(activations), generator=generator)
        for start in range(0, len(order) - size + 1, size):
            yield activations[order[start : start + size]].float()


@torch.no_grad()
def measure(sae, activations, block=1024):
    """Explained variance is 1 - E|x - y|^2 / (E|x|^2 - |E x|^2), summed in double precision."""
    tokens = error = squares = active = cosine = 0.0
    total = torch.zeros(activations.shape[1], dtype=torch.float64)
    firings = torch.zeros(sae.cfg.d_sae, dtype=torch.int64)
    for start in range(0, len(activations), block):
        x = activations[start : start + block].float()
        features = sae.encode(x)
        features = features.to_dense() if features.is_sparse else features
        y = sae.decode(features)
        tokens += len(x)
        error += (x - y).double().pow(2).sum().item()
        squares += x.double().pow(2).sum().item()
        cosine += torch.nn.functional.cosine_similarity(x, y).double().sum().item()
        total += x.double().sum(0)
        firings += (features != 0).sum(0)
        active += (features != 0).sum().item()
    variance = squares / tokens - (total / tokens).pow(2).sum().item()
    return {
        "tokens": int(tokens),
        "explained_variance": 1 - error / tokens / variance,
        "mse": error / tokens,
        "cosine": cosine / tokens,
        "l0": active / tokens,
        "dead_fraction": (firings == 0).double().mean().item(),
        "dense_fraction": (firings > 0.1 * tokens).double().mean().item(),
    }


def train(options):
    torch.manual_seed(options.seed)
    activations = read(options.input)
    config = TopKTrainingSAEConfig(
        d_in=activations.shape[1],
        d_sae=options.width,
        k=options.k,
        device="cpu",
        dtype="float32",
        apply_b_dec_to_input=True,
        normalize_activations="expected_average_only_in",
    )
    steps = options.tokens // options.batch
    trainer = SAETrainer(
        cfg=SAETrainerConfig(
            total_training_samples=options.tokens,
            train_batch_size_samples=options.batch,
            lr=options.learning_rate,
            lr_end=0.0,
            lr_scheduler_name="constant",
            lr_warm_up_steps=int(options.warm_up * steps),
            lr_decay_steps=steps // 5,
            dead_feature_window=options.dead_window,
            n_batches_for_norm_estimate=min(100, steps),
        ),
        sae=TopKTrainingSAE(config),
        data_provider=batches(activations, options.batch, options.seed),
    )
    started = time.time()
    sae = trainer.fit()
    seconds = time.time() - started
    if options.output:
        os.makedirs(options.output, exist_ok=True)
        sae.save_inference_model(options.output)
    result = {
        "trainer": "sae_lens",
        "width": options.width,
        "k": options.k,
        "trained_tokens": options.tokens,
        "learning_rate": options.learning_rate,
        "seconds": round(seconds, 1),
        "tokens_per_second": round(options.tokens / seconds),
    }
    return result | measure(sae.eval(), read(options.held_out))


def evaluate(options):
    sae = SAE.load_from_disk(options.sae, device="cpu", dtype="float32")
    result = {"sae": options.sae, "architecture": sae.cfg.architecture(), "hook": sae.cfg.metadata.hook_name}
    return result | measure(sae, read(options.held_out))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    training = commands.add_parser("train")
    training.add_argument("--input", required=True)
    training.add_argument("--held-out", required=True)
    training.add_argument("--output")
    training.add_argument("--width", type=int, required=True)
    training.add_argument("--k", type=int, required=True)
    training.add_argument("--tokens", type=int, required=True)
    training.add_argument("--batch", type=int, default=4096)
    training.add_argument("--learning-rate", type=float, default=3e-4)
    training.add_argument("--warm-up", type=float, default=0.02, help="share of the steps")
    training.add_argument("--dead-window", type=int, default=1000, help="sae_lens' default, in steps")
    training.add_argument("--seed", type=int, default=0)
    training.add_argument("--threads", type=int)
    training.set_defaults(run=train)
    evaluation = commands.add_parser("evaluate")
    evaluation.add_argument("--sae", required=True)
    evaluation.add_argument("--held-out", required=True)
    evaluation.add_argument("--threads", type=int)
    evaluation.set_defaults(run=evaluate)
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    print(json.dumps(options.run(options)))


if __name__ == "__main__":
    main()
