#!/usr/bin/env python3
"""Collects the strongest contexts of an SAE's neurons with torch and sae-lens, and with topsail, on the same texts, in turn.

The loop is the one a script would have: transformers runs the model up to the SAE's layer, sae-lens encodes, and for each neuron
the --contexts strongest texts, the number of tokens on which it fires and its largest activation are kept. `topsail collect` does
that and more (histograms, quantiles, bands of activation, co-activations, explanations, scores, a catalog), and measures the loss of the
model on held-out texts with and without the SAE, whose passes can be left out. Prints tokens a second and peak memory of each, for a part
of the corpus and for twice as much.

    pip install torch transformers==5.23.0 sae-lens==6.54.12 gguf
    python Tests/Reference/sae_lens_collection.py .build/release/topsail MODEL.gguf SAE_FOLDER Data/corpus --layer 14
"""

import argparse
import gzip
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time


def collect_with_torch(arguments, texts):
    """Runs in a process of its own, so that its memory is its own."""
    import torch
    import transformers
    from sae_lens import SAE

    torch.set_num_threads(arguments.threads)
    folder, name = os.path.split(os.path.abspath(arguments.model))
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, gguf_file=name)
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32).eval()
    model.model.layers = model.model.layers[:arguments.layer + 1]
    sae = SAE.load_from_disk(arguments.sae, device="cpu").float()
    found = {}
    model.model.layers[arguments.layer].mlp.register_forward_hook(lambda module, inputs, output: found.update(value=output))
    d_sae = sae.cfg.d_sae
    strongest = torch.full((0, d_sae), 0.0)
    places = torch.zeros((0, d_sae), dtype=torch.long)
    fired = torch.zeros(d_sae, dtype=torch.long)
    rows = sorted((tokenizer(text, add_special_tokens=False)["input_ids"][:512] for text in texts), key=len)
    tokens = sum(map(len, rows))
    started = time.monotonic()
    with torch.no_grad():
        for first in range(0, len(rows), arguments.batch):
            batch = rows[first:first + arguments.batch]
            longest = max(map(len, batch))
            ids = torch.tensor([row + [0] * (longest - len(row)) for row in batch])
            mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in batch])
            model.model(ids, attention_mask=mask)
            features = sae.encode(found["value"]) * mask[..., None]
            fired += (features > 0).sum(dim=(0, 1))
            values = torch.cat([strongest, features.amax(dim=1)])
            texts_of = torch.cat([places, torch.arange(first, first + len(batch))[:, None].expand(-1, d_sae)])
            strongest, order = values.topk(min(arguments.contexts, len(values)), dim=0)
            places = texts_of.gather(0, order)
    print(json.dumps({"tokens": tokens, "seconds": time.monotonic() - started}))


def run(command, environment=None):
    """The command's output, seconds and peak resident MiB."""
    with tempfile.TemporaryFile("w+") as output:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{command[0]} ended with status {status}")
        output.seek(0)
        return output.read(), time.monotonic() - started, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the built topsail")
    parser.add_argument("model", help="a GGUF file that transformers reads too")
    parser.add_argument("sae", help="a checkpoint folder in SAELens layout, on mlp_out of --layer")
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--layer", type=int, required=True)
    parser.add_argument("--texts", type=int, default=400, help="how many in the smaller run")
    parser.add_argument("--contexts", type=int, default=10)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--precision", default="exact")
    parser.add_argument("--only-torch", type=pathlib.Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only_torch:
        texts = [json.loads(line)["text"] for line in arguments.only_torch.read_text().splitlines()]
        return collect_with_torch(arguments, texts)
    with gzip.open(arguments.corpus / "corpus.jsonl.gz", "rt") as file:
        # Plain texts: what a chat template adds would be counted differently.
        plain = (line for line in file if "messages" not in line and json.loads(line).get("kind") != "instruction")
        lines = [line for _, line in zip(range(2 * arguments.texts), plain)]
    for count in (arguments.texts, 2 * arguments.texts):
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            (folder / "corpus").mkdir()
            with gzip.open(folder / "corpus" / "corpus.jsonl.gz", "wt") as file:
                file.writelines(lines[:count])
            (folder / "texts.jsonl").write_text("".join(lines[:count]))
            output, _, memory = run([sys.executable, __file__, *sys.argv[1:], "--only-torch", folder / "texts.jsonl"])
            peer = json.loads(output.splitlines()[-1])
            tokens = peer["tokens"]
            rate = tokens / peer["seconds"]
            print(f"{count} texts, {tokens} tokens")
            print(f"  torch and sae-lens     {rate:7.0f} tokens/s in its loop, peak {memory:5.0f} MiB")
            environment = os.environ | {"TOPSAIL_HOME": str(folder / "workspace")}
            for name, options in (("topsail collect", []), ("  and no held-out loss", ["--evaluation-tokens", "0"])):
                shutil.rmtree(folder / "workspace", ignore_errors=True)
                run([arguments.program, "setup", "--offline"], environment)
                _, seconds, memory = run(
                    [arguments.program, "collect", "--model", os.path.abspath(arguments.model), "--sae", os.path.abspath(arguments.sae),
                     "--corpus", folder / "corpus", "--contexts", str(arguments.contexts), "--threads", str(arguments.threads),
                     "--precision", arguments.precision, "--progress", "none", *options], environment)
                own = tokens / seconds
                print(f"  {name:22} {own:7.0f} tokens/s in all,      peak {memory:5.0f} MiB   {own / rate:.2f}x", flush=True)


if __name__ == "__main__":
    sys.exit(main())
