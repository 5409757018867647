#!/usr/bin/env python3
"""Damages small models, tokenizers and SAEs in ways a hostile file would, and sees that each is refused in one sentence.

Needs Python with numpy and safetensors, and the built `topsail`. It makes its files itself.

  python Tests/Reference/damaged.py .build/release/topsail

Each input must end with exit status 1 and one `error:` sentence, in five seconds and with at most 256 MiB resident, no crash and no
output file. Prints a line a case; exit status 1 when one is off.
"""

import argparse
import copy
import json
import pathlib
import pickle
import struct
import sys
import tempfile
import zipfile

import numpy as np

from program import Program

SECONDS, RESIDENT_MIB = 5, 256
WIDTH, LAYERS, VOCABULARY, MIDDLE = 8, 2, 20, 16


# MARK: safetensors


def safetensors(tensors, header=None, length=None, data=None):
    """The bytes of a file; header, announced header length and data can be replaced."""
    entries, parts, offset = {}, [], 0
    for name, value in tensors.items():
        raw = np.ascontiguousarray(value, dtype=np.float32).tobytes()
        entries[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, offset + len(raw)]}
        parts.append(raw)
        offset += len(raw)
    text = header(copy.deepcopy(entries)) if header else entries
    text = text if isinstance(text, bytes) else json.dumps(text).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + (
        b"".join(parts) if data is None else data)


def changed(name, **values):
    """A change of one tensor's entry."""
    def change(entries):
        entries[name] |= values
        return entries
    return change


# MARK: Models


def llama_config():
    return {
        "model_type": "llama", "hidden_size": WIDTH, "intermediate_size": MIDDLE, "num_hidden_layers": LAYERS,
        "num_attention_heads": 2, "vocab_size": VOCABULARY, "max_position_embeddings": 64, "rms_norm_eps": 1e-5,
        "hidden_act": "silu", "tie_word_embeddings": True}


def llama_tensors():
    generator = np.random.default_rng(1)
    shapes = {"model.embed_tokens.weight": (VOCABULARY, WIDTH), "model.norm.weight": (WIDTH,)}
    for layer in range(LAYERS):
        prefix = f"model.layers.{layer}."
        shapes |= {prefix + f"self_attn.{name}_proj.weight": (WIDTH, WIDTH) for name in "qkvo"}
        shapes |= {
            prefix + "mlp.gate_proj.weight": (MIDDLE, WIDTH), prefix + "mlp.up_proj.weight": (MIDDLE, WIDTH),
            prefix + "mlp.down_proj.weight": (WIDTH, MIDDLE), prefix + "input_layernorm.weight": (WIDTH,),
            prefix + "post_attention_layernorm.weight": (WIDTH,)}
    return {name: generator.standard_normal(shape).astype(np.float32) for name, shape in shapes.items()}


def model(folder, config=None, weights=None, **files):
    """Writes a model folder; `config` changes the settings, `weights` are the bytes of the one file."""
    settings = llama_config()
    settings = config(settings) if callable(config) else settings | (config or {})
    (folder / "config.json").write_text(settings if isinstance(settings, str) else json.dumps(settings))
    if weights is not False:
        (folder / "model.safetensors").write_bytes(weights or safetensors(llama_tensors()))
    for name, content in files.items():
        (folder / name.replace("__", "-")).write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return folder


def index(folder, names):
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": names}))


def sharded(folder, names, files):
    model(folder, weights=False)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    index(folder, names)
    return folder


def all_in(file):
    return {name: file for name in llama_tensors()}


def two_shards_with_one_tensor(folder):
    tensors = llama_tensors()
    first, second = list(tensors)[:5], list(tensors)[4:]
    files = {"a.safetensors": safetensors({n: tensors[n] for n in first}),
             "b.safetensors": safetensors({n: tensors[n] for n in second})}
    return sharded(folder, {n: "a.safetensors" for n in first} | {n: "b.safetensors" for n in second}, files)


def shards_that_link_in_a_circle(folder):
    sharded(folder, all_in("a.safetensors"), {})
    (folder / "a.safetensors").symlink_to(folder / "b.safetensors")
    (folder / "b.safetensors").symlink_to(folder / "a.safetensors")
    return folder


def index_as_its_own_shard(folder):
    return sharded(folder, all_in("model.safetensors.index.json"), {})


MODEL_FILE = "model.layers.0.mlp.up_proj.weight"

MODELS = {
    "safetensors cut in the length": lambda f: model(f, weights=safetensors(llama_tensors())[:5]),
    "safetensors cut in the header": lambda f: model(f, weights=safetensors(llama_tensors())[:300]),
    "safetensors cut in the data": lambda f: model(f, weights=safetensors(llama_tensors())[:-9]),
    "header length 2^64 - 1": lambda f: model(f, weights=safetensors(llama_tensors(), length=2**64 - 1)),
    "header length 2^63": lambda f: model(f, weights=safetensors(llama_tensors(), length=2**63)),
    "header length one too long": lambda f: model(
        f, weights=safetensors({}, header=lambda _: b"{}", length=3, data=b"")),
    "header is a list": lambda f: model(f, weights=safetensors({}, header=lambda _: b"[1, 2]")),
    "header nested 100,000 deep": lambda f: model(
        f, weights=safetensors({}, header=lambda _: b'{"a":' * 100_000 + b"1" + b"}" * 100_000)),
    "negative extent": lambda f: model(
        f, weights=safetensors(llama_tensors(), header=changed(MODEL_FILE, shape=[-16, -8]))),
    "extents that overflow": lambda f: model(
        f, weights=safetensors(llama_tensors(), header=changed(MODEL_FILE, shape=[2**40, 2**40]))),
    "extent as text": lambda f: model(
        f, weights=safetensors(llama_tensors(), header=changed(MODEL_FILE, shape=["16", 8]))),
    "fractional extent": lambda f: model(
        f, weights=safetensors(llama_tensors(), header=changed(MODEL_FILE, shape=[16.5, 8]))),
    "offsets backwards": lambda f: model(
        f, weights=safetensors(llama_tensors(), header=changed(MODEL_FILE, data_offsets=[900, 388]))),
    "offsets past the file": lambda f: model(
        f, weights=safetensors(llama_tensors(), header=changed(MODEL_FILE, data_offsets=[2**62, 2**62 + 512]))),
    "unknown element type": lambda f: model(
        f, weights=safetensors(llama_tensors(), header=changed(MODEL_FILE, dtype="F6_E3M2"))),
    "weights as integers": lambda f: model(
        f, weights=safetensors(llama_tensors(), header=changed(MODEL_FILE, dtype="I32"))),
    "no offsets": lambda f: model(
        f, weights=safetensors(llama_tensors(), header=lambda e: e | {MODEL_FILE: {"dtype": "F32", "shape": [16, 8]}})),
    "config is a list": lambda f: model(f, config=lambda _: "[]"),
    "config is no JSON": lambda f: model(f, config=lambda _: '{"model_type": "llama", '),
    "config nested 100,000 deep": lambda f: model(f, config=lambda _: "[" * 100_000 + "]" * 100_000),
    "no layers": lambda f: model(f, config={"num_hidden_layers": 0}),
    "2^40 layers": lambda f: model(f, config={"num_hidden_layers": 2**40}),
    "negative width": lambda f: model(f, config={"hidden_size": -8}),
    "width as text": lambda f: model(f, config={"hidden_size": "eight"}),
    "no heads": lambda f: model(f, config={"num_attention_heads": 0}),
    "heads that do not divide": lambda f: model(f, config={"num_attention_heads": 3, "num_key_value_heads": 2}),
    "vocabulary of 2^50": lambda f: model(f, config={"vocab_size": 2**50}),
    "epsilon that is text": lambda f: model(f, config={"rms_norm_eps": "small"}),
    "unknown rope": lambda f: model(f, config={"rope_scaling": {"rope_type": "spiral", "factor": 2}}),
    "rope factor 0": lambda f: model(f, config={"rope_scaling": {"rope_type": "linear", "factor": 0}}),
    "unknown model_type": lambda f: model(f, config={"model_type": "mamba2"}),
    "model_type is a number": lambda f: model(f, config={"model_type": 7}),
    "unknown activation": lambda f: model(f, config={"hidden_act": "mish"}),
    "shard outside the folder": lambda f: sharded(f, all_in("../../../etc/passwd"), {}),
    "shard with an absolute path": lambda f: sharded(f, all_in("/etc/passwd"), {}),
    "shards that link in a circle": shards_that_link_in_a_circle,
    "index as its own shard": index_as_its_own_shard,
    "a tensor in two shards": two_shards_with_one_tensor,
    "weight_map is a list": lambda f: sharded(f, [1, 2], {}),
    "shard name is a number": lambda f: sharded(f, {name: 1 for name in llama_tensors()}, {}),
    "folder without anything": lambda f: f,
    "weights are a folder": lambda f: (model(f, weights=False), (f / "model.safetensors").mkdir(), f)[-1],
}


# MARK: GGUF


def text(value):
    raw = value if isinstance(value, bytes) else value.encode()
    return struct.pack("<Q", len(raw)) + raw


def setting(key, kind, raw):
    return text(key) + struct.pack("<I", kind) + raw


def gguf(settings=(), tensors=(), version=3, tensor_count=None, setting_count=None, data=b"\0" * 4096):
    raw = b"".join(settings)
    infos = b"".join(tensors)
    head = b"GGUF" + struct.pack(
        "<IQQ", version, len(tensors) if tensor_count is None else tensor_count,
        len(settings) if setting_count is None else setting_count)
    body = head + raw + infos
    return body + b"\0" * (-len(body) % 32) + data


def tensor(name, shape, kind=0, offset=0):
    return text(name) + struct.pack("<I", len(shape)) + b"".join(struct.pack("<Q", n) for n in shape) + struct.pack(
        "<IQ", kind, offset)


LLAMA = setting("general.architecture", 8, text("llama"))


def nested(depth):
    raw = struct.pack("<IQ", 9, 1) * depth + struct.pack("<IQ", 4, 1) + struct.pack("<I", 1)
    return setting("deep", 9, raw)


GGUF = {
    "empty": b"",
    "magic alone": b"GGUF",
    "version 9": gguf([LLAMA], version=9),
    "2^63 tensors": gguf([LLAMA], tensor_count=2**63),
    "2^32 settings": gguf([LLAMA], setting_count=2**32),
    "array of 2^61 numbers": gguf([LLAMA, setting("a", 9, struct.pack("<IQ", 10, 2**61))]),
    "array of 2^40 texts": gguf([LLAMA, setting("a", 9, struct.pack("<IQ", 8, 2**40))]),
    "arrays nested 5,000 deep": gguf([LLAMA, nested(5000)]),
    "key of 2^62 bytes": gguf([struct.pack("<Q", 2**62) + b"a"]),
    "value type 77": gguf([LLAMA, setting("a", 77, b"\0\0\0\0")]),
    "boolean 3": gguf([LLAMA, setting("a", 7, b"\3")]),
    "4 billion dimensions": gguf([LLAMA], [text("t") + struct.pack("<I", 2**32 - 1)]),
    "extents that overflow": gguf([LLAMA], [tensor("t", [2**33, 2**33])]),
    "extent 2^64 - 1": gguf([LLAMA], [tensor("t", [2**64 - 1])]),
    "tensor type 9999": gguf([LLAMA], [tensor("t", [4], kind=9999)]),
    "half a block": gguf([LLAMA], [tensor("t", [33], kind=8)]),
    "offset 2^63": gguf([LLAMA], [tensor("t", [4], offset=2**63)]),
    "offset that is not aligned": gguf([LLAMA], [tensor("t", [4], offset=3)]),
    "alignment 0": gguf([LLAMA, setting("general.alignment", 4, struct.pack("<I", 0))], [tensor("t", [4])]),
    "alignment 7": gguf([LLAMA, setting("general.alignment", 4, struct.pack("<I", 7))], [tensor("t", [4])]),
    "one name twice": gguf([LLAMA], [tensor("t", [4]), tensor("t", [4], offset=32)]),
    "one setting twice": gguf([LLAMA, LLAMA]),
    "architecture is a number": gguf([setting("general.architecture", 4, struct.pack("<I", 1))]),
    "architecture nobody knows": gguf([setting("general.architecture", 8, text("sloop"))]),
    "llama without sizes": gguf([LLAMA]),
    "big-endian": b"GGUF" + struct.pack(">IQQ", 3, 0, 0),
}


# MARK: Tokenizers


def tokenizer(**changes):
    base = {
        "version": "1.0", "added_tokens": [], "normalizer": None,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        "post_processor": None, "decoder": {"type": "ByteLevel"},
        "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}}
    return json.dumps(base | changes)


def bpe(**changes):
    return tokenizer(model={"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]} | changes)


TOKENIZERS = {
    "empty": "", "a number": "7", "a list": "[]", "cut off": bpe()[:-20],
    "nested 100,000 deep": "[" * 100_000,
    "model is a list": tokenizer(model=[]),
    "model of an unknown type": tokenizer(model={"type": "Neural", "vocab": {}}),
    "vocab is a list of numbers": bpe(vocab=[1, 2]),
    "ids are text": bpe(vocab={"a": "0", "b": "1"}),
    "a negative id": bpe(vocab={"a": -1, "b": 1, "ab": 2}),
    "an id of 2^53": bpe(vocab={"a": 2**53, "b": 1, "ab": 2}),
    "two tokens with one id": bpe(vocab={"a": 0, "b": 0, "ab": 2}),
    "merges is an object": bpe(merges={"a": "b"}),
    "merge of three": bpe(merges=[["a", "b", "a"]]),
    "merge of a token that is not there": bpe(merges=["a z"]),
    "merge whose result is not there": bpe(merges=["b a"]),
    "merge of numbers": bpe(merges=[[1, 2]]),
    "added_tokens is a text": tokenizer(added_tokens="<s>"),
    "added token without content": tokenizer(added_tokens=[{"id": 3}]),
    "added token with an id of text": tokenizer(added_tokens=[{"id": "x", "content": "<s>"}]),
    "normalizer of an unknown type": tokenizer(normalizer={"type": "Shout"}),
    "pre_tokenizer of an unknown type": tokenizer(pre_tokenizer={"type": "Dice"}),
    "pattern that does not close": tokenizer(
        pre_tokenizer={"type": "Split", "pattern": {"Regex": "(a"}, "behavior": "Isolated", "invert": False}),
    "decoder is a number": tokenizer(decoder=4),
    "Unigram with texts for scores": tokenizer(model={"type": "Unigram", "unk_id": 0, "vocab": [["a", "x"]]}),
    "Unigram with unk_id outside": tokenizer(model={"type": "Unigram", "unk_id": 9, "vocab": [["a", -1.0]]}),
}


# MARK: SAEs


def sae_tensors():
    generator = np.random.default_rng(2)
    return {name: generator.standard_normal(shape).astype(np.float32) for name, shape in {
        "W_enc": (WIDTH, 32), "W_dec": (32, WIDTH), "b_enc": (32,), "b_dec": (WIDTH,)}.items()}


def sae_config(**changes):
    return {"architecture": "standard", "d_in": WIDTH, "d_sae": 32, "dtype": "float32",
            "metadata": {"sae_lens_version": "6.54.12", "hook_name": "blocks.0.hook_resid_post"}} | changes


def saelens(folder, config=None, weights=None):
    (folder / "cfg.json").write_text(config if isinstance(config, str) else json.dumps(config or sae_config()))
    (folder / "sae_weights.safetensors").write_bytes(weights or safetensors(sae_tensors()))
    return folder


def archive(entries, name="ae.pt"):
    """A zip with these entries."""
    def write(folder):
        with zipfile.ZipFile(folder / name, "w") as file:
            for entry, content in entries.items():
                file.writestr(entry, content)
        return folder / name
    return write


class Call:
    """Pickles as a call of any global."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


def npy(descr="<f4", shape="(2, 2)", body=b"\0" * 16, head=None):
    text = head if head is not None else f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}"
    raw = text.encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(raw)) + raw + body


def deep_pickle():
    return b"\x80\x02" + b"(" * 200_000 + b"."


def bomb():
    """Doubles a list thirty times by reference: 2^30 elements to whoever walks it without counting."""
    raw = b"\x80\x02](]q\x00"
    for step in range(30):
        raw += b"]q" + bytes([step + 1]) + b"(h" + bytes([step]) + b"h" + bytes([step]) + b"e"
    return raw + b"e."


SAES = {
    "cfg.json is a list": lambda f: saelens(f, "[]"),
    "cfg.json is cut off": lambda f: saelens(f, '{"architecture": "stan'),
    "architecture nobody knows": lambda f: saelens(f, sae_config(architecture="quantum")),
    "architecture is a number": lambda f: saelens(f, sae_config(architecture=4)),
    "d_sae of another size": lambda f: saelens(f, sae_config(d_sae=64)),
    "negative d_in": lambda f: saelens(f, sae_config(d_in=-8)),
    "topk without k": lambda f: saelens(f, sae_config(architecture="topk")),
    "k of 0": lambda f: saelens(f, sae_config(architecture="topk", k=0)),
    "k of text": lambda f: saelens(f, sae_config(architecture="topk", k="many")),
    "jumprelu without thresholds": lambda f: saelens(f, sae_config(architecture="jumprelu")),
    "header length 2^64 - 1": lambda f: saelens(f, weights=safetensors(sae_tensors(), length=2**64 - 1)),
    "data cut off": lambda f: saelens(f, weights=safetensors(sae_tensors())[:-1]),
    "tensors that overlap": lambda f: saelens(
        f, weights=safetensors(sae_tensors(), header=changed("W_dec", data_offsets=[0, 1024]))),
    "negative extents": lambda f: saelens(
        f, weights=safetensors(sae_tensors(), header=changed("W_enc", shape=[-8, -32]))),
    "W_enc of three dimensions": lambda f: saelens(
        f, weights=safetensors(sae_tensors(), header=changed("W_enc", shape=[2, 4, 32]))),
    "W_enc of an unknown type": lambda f: saelens(
        f, weights=safetensors(sae_tensors(), header=changed("W_enc", dtype="C64"))),
    "no neurons": lambda f: saelens(f, sae_config(d_sae=0), safetensors(
        {"W_enc": np.zeros((WIDTH, 0)), "W_dec": np.zeros((0, WIDTH)), "b_enc": np.zeros(0), "b_dec": np.zeros(WIDTH)})),
    "pickle that calls eval": archive({"a/data.pkl": pickle.dumps(Call(eval, "open('/tmp/topsail-was-here', 'w')"), 2)}),
    "pickle that calls eval, protocol 4": archive(
        {"a/data.pkl": pickle.dumps({"W_enc": Call(eval, "1")}, 4)}),
    "pickle of 200,000 marks": archive({"a/data.pkl": deep_pickle()}),
    "pickle that doubles thirty times": archive({"a/data.pkl": bomb()}),
    "pickle that ends early": archive({"a/data.pkl": b"\x80\x02}"}),
    "pickle of 2^31 bytes of text": archive({"a/data.pkl": b"\x80\x02X" + struct.pack("<I", 2**31 - 1) + b"a."}),
    "zip without a pickle": archive({"a/version": b"3"}),
    "zip cut in its directory": lambda f: cut(archive({"a/data.pkl": pickle.dumps({}, 2)})(f), 12),
    "bare pickle": lambda f: write(f / "ae.pt", pickle.dumps({"W_enc": 1}, 2)),
    "npz with objects": archive({"W_enc.npy": npy("|O"), "W_dec.npy": npy()}, "params.npz"),
    "npz with a negative extent": archive({"W_enc.npy": npy(shape="(-2, 2)"), "W_dec.npy": npy()}, "params.npz"),
    "npz with 2^80 elements": archive(
        {"W_enc.npy": npy(shape="(1099511627776, 1099511627776)"), "W_dec.npy": npy()}, "params.npz"),
    "npz with a header that is code": archive(
        {"W_enc.npy": npy(head="__import__('os').system('true')"), "W_dec.npy": npy()}, "params.npz"),
    "npz with no data": archive({"W_enc.npy": npy(body=b""), "W_dec.npy": npy()}, "params.npz"),
}


def write(path, raw):
    path.write_bytes(raw)
    return path


def cut(path, count):
    path.write_bytes(path.read_bytes()[:-count])
    return path


# MARK: Runs


def cases(work):
    """Name, command without its output, and whether it writes one."""
    for name, make in MODELS.items():
        path = make(folder(work))
        yield f"model: {name}", ("activations", "--model", path, "--ids", "1,2,3", "--logits"), True
    for name, raw in GGUF.items():
        path = write(folder(work) / "model.gguf", raw)
        yield f"gguf: {name}", ("activations", "--model", path, "--ids", "1,2,3", "--logits"), True
    for name, content in TOKENIZERS.items():
        path = write(folder(work) / "tokenizer.json", content.encode())
        yield f"tokenizer: {name}", ("tokenize", "--model", path, "--text", "ab a b"), False
    activations = write(work / "input.safetensors", safetensors({"input": np.ones((3, WIDTH))}))
    for name, make in SAES.items():
        path = make(folder(work))
        yield f"sae: {name}", ("sae", "encode", "--sae", path, "--input", activations), True


def folder(work):
    path = work / f"case{len(list(work.iterdir()))}"
    path.mkdir()
    return path


def problems(outcome, output):
    if not outcome.is_refusal:
        first = (outcome.errors.strip() or outcome.output.strip() or "nothing said").splitlines()[0]
        yield f"ends with {outcome.status}: {first[:160]}"
    if outcome.seconds > SECONDS:
        yield f"takes {outcome.seconds:.1f} s"
    if outcome.peak_mib > RESIDENT_MIB:
        yield f"takes {outcome.peak_mib:.0f} MiB"
    if output.exists() or list(output.parent.glob("*.partial")):
        yield "leaves an output file"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the built topsail")
    parser.add_argument("--case", default="", help="only cases whose name contains this")
    arguments = parser.parse_args()
    off = count = 0
    slowest = largest = 0.0
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(temporary) / "work"
        work.mkdir()
        output = pathlib.Path(temporary) / "output" / "output.safetensors"
        output.parent.mkdir()
        program = Program(arguments.program, pathlib.Path(temporary) / "workspace")
        for name, command, writes in cases(work):
            if arguments.case not in name:
                continue
            outcome = program.run(*command, *(["--output", output] if writes else []), seconds=2 * SECONDS)
            found = list(problems(outcome, output))
            output.unlink(missing_ok=True)
            off, count = off + bool(found), count + 1
            slowest, largest = max(slowest, outcome.seconds), max(largest, outcome.peak_mib)
            said = outcome.errors.replace(f"{work}/", "").strip().splitlines()
            print(f"{'OFF' if found else 'ok '} {name}: {'; '.join(found) or said[0][:150]}", flush=True)
    if pathlib.Path("/tmp/topsail-was-here").exists():
        print("OFF a pickle was executed")
        off += 1
    print(f"\n{count - off} of {count} refused in a sentence; slowest {slowest:.1f} s, largest {largest:.0f} MiB")
    return 1 if off else 0


if __name__ == "__main__":
    sys.exit(main())
