#!/usr/bin/env python3
"""Compares Topsail's training steps with those of sae-lens and dictionary_learning, from the same weights and batches.

  TOPSAIL_TRAINING_DUMP=/tmp/steps swift test -c release --filter TrainingDumpTests
  python Tests/Reference/sae_training.py /tmp/steps

The first line writes, for each architecture, the state before and after each of eight steps, the batches and the losses. This
script gives another library's own modules and losses the first state and the same batches. It compares the loss of every step,
the gradient of the first (ours is ten times Adam's first moment) and the weights after the last. Where decoder rows keep unit
norm, the other library's own functions do that (dictionary_learning), or two lines here (sae-lens, which lets them drift).
Prints one line a comparison and fails if one is off. Needs sae-lens 6.54, dictionary-learning 0.1 and torch.
"""

import argparse
import json
import os
import sys

os.environ.setdefault("WANDB_MODE", "disabled")

import torch
from safetensors import safe_open
from sae_lens.saes.abstopk_sae import AbsTopKTrainingSAE, AbsTopKTrainingSAEConfig
from sae_lens.saes.batchtopk_sae import BatchTopKTrainingSAE, BatchTopKTrainingSAEConfig
from sae_lens.saes.gated_sae import GatedTrainingSAE, GatedTrainingSAEConfig
from sae_lens.saes.jumprelu_sae import JumpReLUTrainingSAE, JumpReLUTrainingSAEConfig
from sae_lens.saes.matryoshka_batchtopk_sae import (
    MatryoshkaBatchTopKTrainingSAE,
    MatryoshkaBatchTopKTrainingSAEConfig,
)
from sae_lens.saes.sae import TrainStepInput
from sae_lens.saes.standard_sae import StandardTrainingSAE, StandardTrainingSAEConfig
from sae_lens.saes.topk_sae import TopKTrainingSAE, TopKTrainingSAEConfig

STEPS = 8


class Dump:
    """What Topsail wrote for one architecture."""

    def __init__(self, folder):
        self.folder = folder
        with safe_open(f"{folder}/state-0.safetensors", framework="pt") as file:
            self.configuration = json.loads(file.metadata()["topsail.training"])
        with safe_open(f"{folder}/batches.safetensors", framework="pt") as file:
            self.batches = file.get_tensor("activations").split(self.configuration["batchSize"])
        self.losses = json.load(open(f"{folder}/losses.json"))

    def state(self, step):
        with safe_open(f"{self.folder}/state-{step}.safetensors", framework="pt") as file:
            scalars = json.loads(file.metadata()["topsail.scalars"])
            return {key: file.get_tensor(key).squeeze(0) for key in file.keys()} | scalars

    def gradient(self, name):
        return self.state(1)[f"{name}.adam_m"] / 0.1


# Our name of a tensor, the other library's, and whether ours is transposed.
LENS = [("W_enc_T", "W_enc", True), ("W_dec", "W_dec", False), ("b_enc", "b_enc", False), ("b_dec", "b_dec", False)]
LENS_GATED = [LENS[0], LENS[1], ("b_enc", "b_gate", False), LENS[3], ("r_mag", "r_mag", False), ("b_mag", "b_mag", False)]
LENS_JUMP = LENS + [("threshold", "threshold", False)]


def lens(kind, configuration_type, dump, **options):
    c = dump.configuration
    configuration = configuration_type(d_in=c["dIn"], d_sae=c["dSAE"], device="cpu", dtype="float32", **options)
    module = kind(configuration)
    coefficients = {"l1": c.get("sparsityCoefficient"), "l0": c.get("sparsityCoefficient")}

    def loss(x, step):
        return module.training_forward_pass(
            TrainStepInput(
                sae_in=x, dead_neuron_mask=None, coefficients=coefficients, n_training_steps=step, is_logging_step=False
            )
        ).loss

    return module, loss


def learning(trainer_type, dump, **options):
    """A dictionary_learning trainer: its module and its loss."""
    c = dump.configuration
    trainer = trainer_type(
        steps=STEPS, activation_dim=c["dIn"], dict_size=c["dSAE"], layer=0, lm_name="none", device="cpu",
        warmup_steps=0, **options,
    )
    return trainer.ae, trainer.loss


def compare(title, dump, module, loss, names, unit_rows, scale=1.0, decoder=("W_dec", 1)):
    """Runs the steps.

    `scale` is what the other library's loss is multiplied by to be ours, `decoder` its decoder and the axis of a row.
    """
    c = dump.configuration
    parameters = dict(module.named_parameters())
    start = dump.state(0)
    with torch.no_grad():
        for ours, theirs, transposed in names:
            parameters[theirs].copy_(start[ours].T if transposed else start[ours])
    optimizer = torch.optim.Adam(
        module.parameters(), lr=c["learningRate"], betas=(c["beta1"], c["beta2"]), eps=c["epsilon"]
    )
    weight, axis = parameters[decoder[0]], decoder[1]
    off = {"loss": 0.0, "gradient": 0.0, "weights": 0.0}
    for step in range(STEPS):
        optimizer.zero_grad()
        value = loss(dump.batches[step], step) * scale
        value.backward()
        off["loss"] = max(off["loss"], abs(value.item() / dump.losses[step] - 1))
        if unit_rows:
            with torch.no_grad():
                along = (weight.grad * weight).sum(axis, keepdim=True) / (weight * weight).sum(axis, keepdim=True)
                weight.grad -= along * weight
        if step == 0:
            for ours, theirs, transposed in names:
                found, wanted = dump.gradient(ours), parameters[theirs].grad
                wanted = wanted.T if transposed else wanted
                off["gradient"] = max(off["gradient"], ((found - wanted).abs().max() / wanted.abs().max()).item())
        optimizer.step()
        if unit_rows:
            with torch.no_grad():
                weight /= weight.norm(dim=axis, keepdim=True)
    end = dump.state(STEPS)
    for ours, theirs, transposed in names:
        wanted = parameters[theirs].detach()
        off["weights"] = max(off["weights"], (end[ours] - (wanted.T if transposed else wanted)).abs().max().item())
    # Eight steps move a weight by 8e-3 or so.
    good = off["loss"] < 1e-5 and off["gradient"] < 1e-5 and off["weights"] < 1e-5
    print(
        f"{'ok  ' if good else 'OFF '} {title:48} loss {off['loss']:.1e}  gradient {off['gradient']:.1e}"
        f"  weights {off['weights']:.1e}"
    )
    return good


def with_sae_lens(dumps):
    def run(name, kind, configuration_type, names=LENS, unit_rows=True, title=None, **options):
        dump = dumps(name)
        module, loss = lens(kind, configuration_type, dump, **options)
        good = compare(title or f"sae-lens {kind.__name__}", dump, module, loss, names, unit_rows)
        return good, dump, module

    k = dumps("topk").configuration["k"]
    jump = dumps("jumprelu").configuration
    plain = dict(rescale_acts_by_decoder_norm=False)
    results = [
        run("standard", StandardTrainingSAE, StandardTrainingSAEConfig, unit_rows=False)[0],
        run("topk", TopKTrainingSAE, TopKTrainingSAEConfig, k=k, **plain)[0],
        run("abstopk", AbsTopKTrainingSAE, AbsTopKTrainingSAEConfig, k=k, **plain)[0],
        run("gated-unfrozen", GatedTrainingSAE, GatedTrainingSAEConfig, LENS_GATED, unit_rows=False)[0],
        run(
            "jumprelu", JumpReLUTrainingSAE, JumpReLUTrainingSAEConfig, LENS_JUMP, unit_rows=False,
            jumprelu_bandwidth=jump["bandwidth"], jumprelu_init_threshold=jump["initialThreshold"],
        )[0],
    ]
    widths = dumps("matryoshka").configuration["prefixes"]
    for name, kind, configuration_type, options in [
        ("batchtopk", BatchTopKTrainingSAE, BatchTopKTrainingSAEConfig, {}),
        ("matryoshka", MatryoshkaBatchTopKTrainingSAE, MatryoshkaBatchTopKTrainingSAEConfig, {"matryoshka_widths": widths}),
    ]:
        good, dump, module = run(name, kind, configuration_type, k=k, **plain, **options)
        found, wanted = dump.state(STEPS)["topk_threshold"], module.topk_threshold.item()
        same = abs(found - wanted) < 1e-4 * wanted
        print(f"{'ok  ' if same else 'OFF '} {'  running threshold':48} {found:.6f}, theirs {wanted:.6f}")
        results += [good, same]
    return results


def with_dictionary_learning(dumps):
    from dictionary_learning.trainers.batch_top_k import BatchTopKTrainer
    from dictionary_learning.trainers.gdm import GatedSAETrainer
    from dictionary_learning.trainers.matryoshka_batch_top_k import MatryoshkaBatchTopKTrainer
    from dictionary_learning.trainers.top_k import TopKTrainer

    linear = [
        ("W_enc_T", "encoder.weight", False), ("W_dec", "decoder.weight", True), ("b_enc", "encoder.bias", False),
        ("b_dec", "b_dec", False),
    ]
    gated = [
        linear[0], linear[1], ("b_enc", "gate_bias", False), ("b_dec", "decoder_bias", False),
        ("r_mag", "r_mag", False), ("b_mag", "mag_bias", False),
    ]

    results = []
    k = dumps("topk").configuration["k"]
    for name, kind in [("topk", TopKTrainer), ("batchtopk", BatchTopKTrainer)]:
        dump = dumps(name)
        module, loss = learning(kind, dump, k=k)
        results.append(
            compare(
                f"dictionary_learning {kind.__name__}", dump, module, loss, linear, True,
                decoder=("decoder.weight", 0),
            )
        )
    dump = dumps("matryoshka")
    widths = dump.configuration["prefixes"]
    shares = [(b - a) / widths[-1] for a, b in zip([0] + widths, widths)]
    module, loss = learning(
        MatryoshkaBatchTopKTrainer, dump, k=k, group_fractions=shares, group_weights=[1.0] * len(widths)
    )
    # Theirs is the mean over groups, ours the sum.
    results.append(
        compare(
            "dictionary_learning MatryoshkaBatchTopKTrainer", dump, module, loss, LENS, True, scale=float(len(widths))
        )
    )
    dump = dumps("gated")
    module, loss = learning(
        GatedSAETrainer, dump, l1_penalty=dump.configuration["sparsityCoefficient"], sparsity_warmup_steps=None,
    )
    results.append(
        compare(
            "dictionary_learning GatedSAETrainer", dump, module, loss, gated, True,
            decoder=("decoder.weight", 0),
        )
    )
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dump", help="the folder that TOPSAIL_TRAINING_DUMP named")
    options = parser.parse_args()
    torch.set_num_threads(1)
    dumps = lambda name: Dump(f"{options.dump}/{name}")
    results = with_sae_lens(dumps) + with_dictionary_learning(dumps)
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
