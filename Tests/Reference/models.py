#!/usr/bin/env python3
"""Compares Topsail's model families with transformers on random models of many shapes.

Needs Python with torch, transformers (5.23), safetensors and numpy, for --gguf also gguf, and the built `topsail`. Nothing is
fetched. Run from the repository's root after `swift build -c release`:

  python Tests/Reference/models.py                        every family and variant; one table row for each prompt length
  python Tests/Reference/models.py --family gemma2 --seeds 5 --markdown
  python Tests/Reference/models.py --double               also how far both are from transformers in float64
  python Tests/Reference/models.py --fp8                  FP8 checkpoints against their widened weights
  python Tests/Reference/models.py --gguf                 GGUF files against transformers on their dequantised values
  python Tests/Reference/models.py --batches [--test]     padded batches of one and of seven sequences, the longest as long as
                                                          the longest of --lengths; --test reads them with swift test

Models and prompts come from seeds, so a row can be made again. transformers runs in fp32 with eager attention on the CPU; every
hook point and the logits are compared element by element. An element is in bounds when its difference is at most
1e-4 + 1e-4 |x|; `of bound` is the worst difference as a share of that. `own` is how far transformers itself moves, on the same
scale, when attention runs as sdpa or the prompt is one of two in a batch: a share of rounding that no implementation can be below.
With --double, "ours vs fp64", "eager vs fp64" and "sdpa vs fp64" are the distances of Topsail and of transformers' two fp32
kernels from transformers in float64, on the same scale.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import torch
from safetensors.torch import save_file

import model_runs as runs
import model_variants as variants

TOLERANCE = 1e-4
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
LENGTHS = [1, 7, 65, 300, 1100, 1400]


class Worst:
    """The worst difference seen, as a share of the bound, absolute, and relative to the tensor's root mean square."""

    def __init__(self):
        self.share = self.absolute = self.relative = 0.0
        self.where = ""

    def see(self, name, ours, theirs):
        difference = (ours.double() - theirs.double()).abs()
        if not torch.isfinite(ours).all():
            difference = torch.full_like(difference, float("inf"))
        share = (difference / (TOLERANCE + TOLERANCE * theirs.double().abs())).max().item()
        if share >= self.share:
            self.share, self.where = share, name
        self.absolute = max(self.absolute, difference.max().item())
        size = theirs.double().square().mean().sqrt().clamp(min=1e-9).item()
        self.relative = max(self.relative, difference.max().item() / size)

    def join(self, other):
        if other.share >= self.share:
            self.share, self.where = other.share, other.where
        self.absolute = max(self.absolute, other.absolute)
        self.relative = max(self.relative, other.relative)


def compare(ours, theirs):
    """Worst difference over all tensors of the reference; names that only one side has are errors."""
    worst = Worst()
    missing = set(theirs) - set(ours)
    if missing:
        raise RuntimeError(f"Topsail wrote no {sorted(missing)[0]}")
    for name, values in theirs.items():
        if ours[name].shape != values.shape:
            raise RuntimeError(f"{name} has shape {list(ours[name].shape)}, expected {list(values.shape)}")
        worst.see(name, ours[name], values)
    return worst


def without_batch(values):
    return {name: value[0] for name, value in values.items()}


def with_sdpa(folder, family, ids):
    return without_batch(
        runs.reference(runs.load(folder, family, attention="sdpa"), family, torch.tensor([ids])))


def own_movement(model, family, ids, theirs, sdpa):
    """How far transformers moves when the same sums are taken in another order."""
    worst = Worst()
    rows = torch.tensor([ids, ids[::-1]])
    worst.join(compare(without_batch(runs.reference(model, family, rows)), theirs))
    if sdpa is not None:
        worst.join(compare(sdpa, theirs))
    return worst


class Table:
    """Rows by family, variant, dtype and length; the worst over the seeds."""

    HEADINGS = ["family", "variant", "stored", "tokens", "max abs", "rel to rms", "of bound", "own", "where"]
    IN_DOUBLE = ["ours vs fp64", "eager vs fp64", "sdpa vs fp64"]

    def __init__(self, markdown):
        self.rows = {}
        self.markdown = markdown

    def add(self, key, worst, own, in_double=()):
        """`in_double`: distances to float64 as `IN_DOUBLE` has them, or nothing."""
        kept = self.rows.setdefault(key, [Worst() for _ in range(2 + len(in_double))])
        for mine, new in zip(kept, [worst, own, *in_double]):
            mine.join(new)

    def lines(self):
        has_double = any(len(row) > 2 for row in self.rows.values())
        headings = self.HEADINGS + (self.IN_DOUBLE if has_double else [])
        yield self.line(headings)
        if self.markdown:
            yield "|" + " --- |" * len(headings)
        for key, row in self.rows.items():
            yield self.line(self.cells(key, row))

    def line(self, cells):
        separator = " | " if self.markdown else "  "
        return separator.join(cells).join(["| ", " |"] if self.markdown else ["", ""])

    @staticmethod
    def cells(key, row):
        family, variant, dtype, length = key
        worst, own, *in_double = row
        return [
            family, variant, dtype, str(length), f"{worst.absolute:.1e}", f"{worst.relative:.1e}",
            f"{worst.share:.2f}", f"{own.share:.2f}", worst.where,
            *[f"{each.share:.2f}" if each.where else "-" for each in in_double]]


def prompt(length, vocabulary, seed):
    generator = torch.Generator().manual_seed(seed * 7919 + length)
    return torch.randint(0, vocabulary, (length,), generator=generator).tolist()


def greedy(model, topsail, folder, ids, count=24):
    """Where Topsail's greedy tokens leave those of transformers, and how close the choice was; `None` when they are equal."""
    rows = torch.tensor([ids])
    out = model.generate(
        rows, attention_mask=torch.ones_like(rows), max_new_tokens=count, do_sample=False, output_logits=True,
        return_dict_in_generate=True)
    theirs = out.sequences[0, len(ids):].tolist()
    ours = topsail.greedy(folder, ids, count)
    if ours == theirs:
        return None
    step = next((i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b), min(len(ours), len(theirs)))
    if step >= len(out.logits):
        return step, float("inf")
    top = out.logits[step][0].topk(2).values
    return step, (top[0] - top[1]).item()


def compare_variant(family, variant, make, dense_head, arguments, topsail, table, problems):
    for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds):
        dtype = arguments.dtype or list(DTYPES)[seed % len(DTYPES)]
        with tempfile.TemporaryDirectory(dir=topsail.work) as folder:
            label = f"{family}, {variant}, seed {seed}, {dtype}"
            try:
                config = variants.configuration(make, seed * 31 + len(variant), dense_head)
                runs.save(config, seed, DTYPES[dtype], folder, shards=seed % 2 == 1)
                model = runs.load(folder, family)
                compare_lengths(family, variant, dtype, seed, model, folder, arguments, topsail, table)
                for length in [7, 250]:
                    ids = prompt(length, config.get_text_config().vocab_size, seed + 1)
                    parted = greedy(model, topsail, folder, ids)
                    if parted:
                        problems.append(
                            f"{label}: greedy after {length} leaves at {parted[0]}, where the margin is {parted[1]:.1e}")
            except Exception as error:  # the table goes on with the next model
                problems.append(f"{label}: {type(error).__name__}: {str(error)[:400]}")


def compare_lengths(family, variant, dtype, seed, model, folder, arguments, topsail, table):
    text = model.config.get_text_config()
    for length in arguments.lengths:
        if length > text.max_position_embeddings and not goes_further(text):
            continue
        ids = prompt(length, text.vocab_size, seed)
        theirs = without_batch(runs.reference(model, family, torch.tensor([ids])))
        ours = topsail.activations(folder, ids, theirs)
        needs_sdpa = family != "gemma2" and (arguments.double or not arguments.quick)  # its soft cap is eager only
        sdpa = with_sdpa(folder, family, ids) if needs_sdpa else None
        own = Worst() if arguments.quick else own_movement(model, family, ids, theirs, sdpa)
        in_double = []
        if arguments.double:
            truth = without_batch(runs.reference_in_double(folder, family, torch.tensor([ids])))
            in_double = [
                Worst() if values is None else compare(values, truth) for values in (ours, theirs, sdpa)]
        key, worst = (family, variant, dtype, length), compare(ours, theirs)
        table.add(key, worst, own, in_double)
        if arguments.verbose:
            print(f"seed {seed}:", table.line(table.cells(key, [worst, own, *in_double])), file=sys.stderr, flush=True)


def goes_further(text):
    """Whether positions past the context mean anything: only dynamic scaling is made for that."""
    return (getattr(text, "rope_parameters", None) or {}).get("rope_type") == "dynamic"


def write_batches(arguments, work):
    """Padded batches for `ReferenceCaseTests`: one folder a case, with the model and each sequence's values.

    Values in float64 are stored as fp32, which is a thousandth of the bound.
    """
    longest = max(arguments.lengths)
    for number, (family, variant, make, dense_head) in enumerate(variants.VARIANTS):
        if arguments.family not in (None, family) or arguments.variant not in (None, variant):
            continue
        for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds):
            config = variants.configuration(make, seed * 31 + len(variant), dense_head)
            case = work / f"{number:02}-{family}-{seed}"
            runs.save(config, seed, torch.float32, case / "model", shards=False)
            model = runs.load(case / "model", family)
            vocabulary = model.config.get_text_config().vocab_size
            tensors = {}
            for name, lengths in {"one": [longest], "seven": [1, 3, 17, 64, 65, 200, longest]}.items():
                sequences = [prompt(length, vocabulary, seed * 7 + i) for i, length in enumerate(lengths)]
                left = (number + seed) % 2 == 0
                rows = torch.zeros(len(lengths), longest, dtype=torch.long)
                mask = torch.zeros_like(rows)
                places = [slice(longest - n, longest) if left else slice(0, n) for n in lengths]
                for row, (place, ids) in enumerate(zip(places, sequences)):
                    rows[row, place], mask[row, place] = torch.tensor(ids), 1
                values = runs.reference(model, family, rows, mask)
                truth = runs.reference_in_double(case / "model", family, rows, mask)
                for row, (place, ids) in enumerate(zip(places, sequences)):
                    tensors[f"{name}.{row}.input_ids"] = torch.tensor(ids)
                    for hook in values:
                        tensors[f"{name}.{row}.{hook}"] = values[hook][row, place].clone()
                        tensors[f"double.{name}.{row}.{hook}"] = truth[hook][row, place].float()
            save_file(tensors, case / "expected.safetensors")
            (case / "case.json").write_text(json.dumps({"family": family, "variant": variant}))
            print(f"{case.name}: written", file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--topsail", default=".build/release/topsail")
    parser.add_argument("--family")
    parser.add_argument("--variant")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--dtype", choices=DTYPES, help="instead of one by the seed")
    parser.add_argument("--lengths", type=int, nargs="+", default=LENGTHS)
    parser.add_argument("--quick", action="store_true", help="leave out what transformers itself moves")
    parser.add_argument("--double", action="store_true", help="add the distances to transformers in float64")
    parser.add_argument("--verbose", action="store_true", help="print each comparison as it is made")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--fp8", action="store_true")
    parser.add_argument("--gguf", action="store_true")
    parser.add_argument("--batches", action="store_true")
    parser.add_argument("--test", action="store_true")
    parser.add_argument("--work", help="a folder to write in, kept; a temporary one otherwise")
    arguments = parser.parse_args()

    torch.set_num_threads(1)  # the models are small, and Topsail runs in between
    table, problems = Table(arguments.markdown), []
    with runs.quiet(), tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(arguments.work or temporary)
        work.mkdir(parents=True, exist_ok=True)
        topsail = runs.Topsail(arguments.topsail, work)
        if arguments.batches:
            write_batches(arguments, work)
            if not arguments.test:
                return 0
            return subprocess.run(
                ["swift", "test", "-c", "release", "--filter", "ReferenceCaseTests"], check=False,
                env=os.environ | {"TOPSAIL_REFERENCE_CASES": str(work)}).returncode
        if arguments.fp8:
            import model_fp8

            model_fp8.compare_all(arguments, topsail, table, problems, compare, prompt)
        elif arguments.gguf:
            import model_gguf

            model_gguf.compare_all(arguments, topsail, table, problems, compare, prompt)
        else:
            for family, variant, make, dense_head in variants.VARIANTS:
                if arguments.family in (None, family) and arguments.variant in (None, variant):
                    compare_variant(family, variant, make, dense_head, arguments, topsail, table, problems)
                    print(f"{family}, {variant}: done", file=sys.stderr, flush=True)
    for line in table.lines():
        print(line)
    over = [key for key, (worst, *_) in table.rows.items() if worst.share > 1]
    print(f"\n{len(table.rows)} rows, {len(over)} over the bound, {len(problems)} problems")
    for problem in problems:
        print(f"- {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
