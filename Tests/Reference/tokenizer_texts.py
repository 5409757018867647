"""Compares `topsail tokenize` with tokenizers, sentencepiece and tiktoken on random texts.

    python tokenizer_texts.py --program .build/release/topsail files TOKENIZER.json…
    python tokenizer_texts.py --program … pairs TOKENIZER.json VOCABULARY.gguf…
    python tokenizer_texts.py --program … steps           every normalizer, pre-tokenizer, decoder and model, trained small
    python tokenizer_texts.py --program … sentencepiece   models trained here, BPE and unigram
    python tokenizer_texts.py --program … tiktoken TOKENIZER.json ENCODING…   ranks taken from a byte-level vocabulary

Needs the Python packages tokenizers (0.23), sentencepiece and tiktoken, and no network. Texts are made from a seed: words,
code, numbers, white space of all kinds, scripts, emoji, marks, control characters, code points at random, and the added
tokens of the vocabulary, whole and broken. Each text is read with and without special tokens in both senses, and random
ids are turned into text. Prints one line a tokenizer and exits with 1 if anything differs.
"""

import argparse
import base64
import json
import os
import random
import subprocess
import sys
import tempfile

import tokenizers
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

WORDS = (
    "the of and to in a is that it was for on as with they be at one have this from or had by hot but some what there we "
    "can out other were all your when up use word how said an each she which do their time if will way about many then "
    "them would write like so these her long make thing see him two has look more day could go come did my sound no most "
    "number who over know water than call first people may down side been now find tokenization interpretability feature "
    "don't won't I'm you're we've he'll she'd IT'S THEY'RE O'Brien rock'n'roll 'tis ain't"
).split()
SCRIPTS = [
    (0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x17F), (0x370, 0x3FF), (0x400, 0x4FF), (0x590, 0x5FF), (0x600, 0x6FF),
    (0x900, 0x97F), (0xE00, 0xE7F), (0x1100, 0x11FF), (0x3040, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3),
    (0x1D400, 0x1D7FF), (0x20000, 0x2A6DF), (0xFB00, 0xFFEF), (0x2000, 0x206F), (0x2150, 0x218F), (0x1F00, 0x1FFF),
]
SPACES = [" ", "  ", "   ", "\t", "\n", "\r\n", "\n\n", "\u00a0", "\u3000", "\u2028", "\u0085", "\u000b", "\u200b", "\u2003"]
EMOJI = ["👍", "🏽", "👩\u200d👩\u200d👧", "🇫🇷", "☺️", "🤷🏾\u200d♀️", "🙂", "1️⃣"]
CODE = [
    "def f(x):\n\treturn x[1:] + 'a'", "for (int i=0;i<n;++i) {", "a->b", "</div>", "#include <x.h>", "x != y && z||w",
    "{\"k\": [1, 2.5e-3]}", "https://example.org/?a=b#c", "    if x:", "\\n\\t", "--- a/b.c", "0x7fFF", "λx.x", "$\\alpha_1$",
]
MARKS = [chr(c) for c in list(range(0x300, 0x370)) + [0x591, 0x5B0, 0x64B, 0x93C, 0x94D, 0xE38, 0x1DC0, 0x20D0, 0x302A, 0x3099]]


def random_scalar(rng):
    while True:
        c = rng.choice([rng.randrange(0x80), rng.randrange(0x3000), rng.randrange(0x10000), rng.randrange(0x110000)])
        if not 0xD800 <= c <= 0xDFFF:
            return chr(c)


def random_part(rng, added):
    kind = rng.randrange(14)
    if kind <= 3:
        return " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 8)))
    if kind == 4:
        return rng.choice(CODE)
    if kind == 5:
        return str(rng.randrange(10 ** rng.randint(1, 12)))
    if kind == 6:
        return "".join(rng.choice(SPACES) for _ in range(rng.randint(1, 6))) * rng.choice([1, 1, 1, 9])
    if kind == 7:
        low, high = rng.choice(SCRIPTS)
        return "".join(chr(rng.randint(low, high)) for _ in range(rng.randint(1, 10)))
    if kind == 8:
        return rng.choice(EMOJI) * rng.randint(1, 3)
    if kind == 9:
        return "".join(rng.choice("aeouAnN가한ัकβ") + "".join(rng.choice(MARKS) for _ in range(rng.randint(0, 3))) for _ in range(4))
    if kind == 10:
        return "".join(random_scalar(rng) for _ in range(rng.randint(1, 8)))
    if kind == 11 and added:
        token = rng.choice(added)
        return rng.choice([token, token, " " + token + " ", token[:-1], token + token, "a" + token + "b"])
    if kind == 12:
        return "".join(rng.choice("!?.,;:'\"()[]{}<>-_=+*/\\|@#$%^&~`▁²¼٣") for _ in range(rng.randint(1, 7)))
    return rng.choice(["\x00", "\x01", "\x7f", "\ufeff", "\ufffd", "<0x0A>", "<unk>", "▁▁", "Ġ", "é", "e\u0301", "ﬁ", "Ⅷ", "İ", "ß"])


def random_texts(rng, count, added):
    texts = ["", " ", "  ", "\n", "a", "▁", "Hello world"]
    while len(texts) < count:
        joint = rng.choice(["", "", " ", " ", "\n"])
        texts.append(joint.join(random_part(rng, added) for _ in range(rng.randint(1, 7))))
    texts += ["".join(random_part(rng, added) for _ in range(300)) for _ in range(3)]
    texts += ["ab" * 3000, " " * 500, "▁" * 300, "a\u0301" * 500, "漢" * 1000]
    return texts


class Program:
    def __init__(self, path):
        self.path = path

    def _run(self, arguments, lines):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
            file.write("".join(json.dumps(line) + "\n" for line in lines))
            file.flush()
            done = subprocess.run([self.path, "tokenize", *arguments, "--lines", "--file", file.name], capture_output=True)
        if done.returncode:
            raise RuntimeError(done.stderr.decode()[:500] or f"status {done.returncode}")
        found = [json.loads(line) for line in done.stdout.decode().split("\n") if line]
        if len(found) != len(lines):
            raise RuntimeError(f"{len(found)} lines for {len(lines)}")
        return found

    def encode(self, model, texts, add_special=False, parse_special=True):
        flags = ["--add-special"] * add_special + ["--parse-special"] * parse_special
        return [row["ids"] for row in self._run(["--model", model, *flags], [{"text": text} for text in texts])]

    def decode(self, model, rows):
        return [row["text"] for row in self._run(["--model", model, "--detokenize"], rows)]


class Report:
    def __init__(self):
        self.failed = False

    def line(self, name, problems, count):
        self.failed |= bool(problems)
        print(f"{'DIFFERS' if problems else 'equal':8} {name}: {len(problems)} of {count} differ", flush=True)
        for problem in problems[:3]:
            print("   ", *(repr(part)[:400] for part in problem))


def compare(program, report, name, reference, model, options, ignore_start=False):
    """`reference` is a tokenizers.Tokenizer, `model` the path that the program reads."""
    rng = random.Random(options.seed)
    added = [token.content for token in reference.get_added_tokens_decoder().values()]
    texts = random_texts(rng, options.count, added)
    problems, total = [], 0
    for add_special in (False, True):
        for parse_special in (False, True):
            reference.encode_special_tokens = not parse_special
            expected = [e.ids for e in reference.encode_batch(texts, add_special_tokens=add_special)]
            found = program.encode(model, texts, add_special, parse_special)
            total += len(texts)
            for text, want, got in zip(texts, expected, found):
                if want != got and not (ignore_start and (want[1:] == got or want == got[1:])):
                    problems.append((f"add {add_special} parse {parse_special}", text, "want", want, "got", got))
    report.line(f"{name} encode", problems, total)
    size = reference.get_vocab_size(with_added_tokens=True)
    rows = [[rng.randrange(size) for _ in range(rng.randint(1, 6))] for _ in range(options.count)]
    rows += [ids for ids in expected if ids] + [[i] for i in range(0, size, max(1, size // 1000))]
    want = [reference.decode(ids, skip_special_tokens=False) for ids in rows]
    got = program.decode(model, rows)
    report.line(f"{name} decode", [(r, w, g) for r, w, g in zip(rows, want, got) if w != g], len(rows))


def compare_files(program, report, options):
    for path in options.paths:
        compare(program, report, path, Tokenizer.from_file(path), path, options)


def compare_pairs(program, report, options):
    for path, vocabulary in zip(options.paths[::2], options.paths[1::2]):
        reference = Tokenizer.from_file(path)
        # The two do not always agree on whether there is a BOS.
        compare(program, report, vocabulary, reference, vocabulary, options, ignore_start=True)


CORPUS = [" ".join(random.Random(i).choice(WORDS) for _ in range(30)) + " " + random.Random(i).choice(CODE) for i in range(400)]
CORPUS += ["日本語 テキスト 한국어 русский текст ελληνικά", "café naïve e\u0301 ﬁn", "1984 3.14159 100,000", "<tag> a_b  c\n\td"] * 20


def trained(model, pre=None, norm=None, **settings):
    tokenizer = Tokenizer(model)
    if pre is not None:
        tokenizer.pre_tokenizer = pre
    if norm is not None:
        tokenizer.normalizer = norm
    settings.setdefault("vocab_size", 600)
    if isinstance(model, models.Unigram):
        settings.setdefault("unk_token", "<unk>")
        trainer = trainers.UnigramTrainer(special_tokens=["<unk>", "<s>", "</s>"], show_progress=False, **settings)
    else:
        trainer = trainers.BpeTrainer(special_tokens=["<unk>", "<s>", "</s>"], show_progress=False, **settings)
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def changed(tokenizer, **model):
    data = json.loads(tokenizer.to_str())
    for key, value in model.items():
        data["model"][key] = value
    return data


def with_bytes(tokenizer, complete=True):
    """The 256 byte tokens at the end of the vocabulary, or all but one."""
    data = json.loads(tokenizer.to_str())
    data["model"]["byte_fallback"] = True
    for byte in range(256):
        if complete or byte != 0xE6:
            if data["model"]["type"] == "Unigram":
                data["model"]["vocab"].append([f"<0x{byte:02X}>", -20.0])
            else:
                data["model"]["vocab"][f"<0x{byte:02X}>"] = len(data["model"]["vocab"])
    return data


def variants():
    pt, nz, dc = pre_tokenizers, normalizers, decoders
    byte_level = pt.ByteLevel(add_prefix_space=False)
    alphabet = pt.ByteLevel.alphabet()
    yield "byte-level", trained(models.BPE(), byte_level, initial_alphabet=alphabet), dc.ByteLevel()
    yield "byte-level, prefix space", trained(models.BPE(), pt.ByteLevel(), initial_alphabet=alphabet), dc.ByteLevel()
    yield "byte-level, no alphabet", trained(models.BPE(unk_token="<unk>"), pt.ByteLevel()), dc.ByteLevel()
    behaviors = ["isolated", "removed", "merged_with_previous", "merged_with_next", "contiguous"]
    base = trained(models.BPE(unk_token="<unk>", fuse_unk=True), pt.Whitespace())
    steps = {
        "whitespace": pt.Whitespace(), "whitespace split": pt.WhitespaceSplit(), "bert": pt.BertPreTokenizer(),
        "digits": pt.Digits(False), "digits one by one": pt.Digits(True), "delimiter": pt.CharDelimiterSplit("a"),
        "metaspace first": pt.Metaspace(prepend_scheme="first"), "metaspace never": pt.Metaspace(prepend_scheme="never"),
        "metaspace whole": pt.Metaspace(split=False), "metaspace other": pt.Metaspace("_"),
        "split then metaspace first": pt.Sequence([pt.WhitespaceSplit(), pt.Metaspace(prepend_scheme="first")]),
        "falcon": pt.Sequence([pt.Punctuation("contiguous"), pt.ByteLevel(add_prefix_space=False), pt.Digits(),
                               pt.Split(Regex("[0-9][0-9][0-9]"), "isolated")]),
        "split then byte-level": pt.Sequence([pt.Digits(True), pt.ByteLevel(add_prefix_space=True)]),
        "byte-level then metaspace": pt.Sequence([pt.ByteLevel(add_prefix_space=False), pt.Metaspace(prepend_scheme="first")]),
    }
    for behavior in behaviors:
        steps[f"punctuation {behavior}"] = pt.Punctuation(behavior)
        for invert in (False, True):
            steps[f"split text {behavior} {invert}"] = pt.Split("e", behavior, invert)
            steps[f"split expression {behavior} {invert}"] = pt.Split(Regex(r"\s+|\d|['a-c]{1,2}"), behavior, invert)
    for name, expression in EXPRESSIONS.items():
        for behavior, invert in (("isolated", False), ("removed", True)):
            steps[f"expression {name} {behavior}"] = pt.Split(Regex(expression), behavior, invert)
    for name, step in steps.items():
        data = json.loads(base.to_str())
        probe = Tokenizer(models.BPE())
        probe.pre_tokenizer = step
        data["pre_tokenizer"] = json.loads(probe.to_str())["pre_tokenizer"]
        yield f"pre-tokenizer {name}", probed(data), None
    forms = {
        "NFC": nz.NFC(), "NFD": nz.NFD(), "NFKC": nz.NFKC(), "NFKD": nz.NFKD(), "lowercase": nz.Lowercase(),
        "strip accents": nz.Sequence([nz.NFD(), nz.StripAccents()]), "strip accents alone": nz.StripAccents(),
        "strip": nz.Strip(), "strip left": nz.Strip(True, False), "strip right": nz.Strip(False, True),
        "replace": nz.Replace("e", "oo"), "replace expression": nz.Replace(Regex(" {2,}"), " "), "replace away": nz.Replace("a", ""),
        "prepend": nz.Sequence([nz.Prepend("▁"), nz.Replace(" ", "▁")]), "byte level": nz.ByteLevel(),
    }
    for name, norm in forms.items():
        probe = Tokenizer(models.BPE())
        probe.normalizer = norm
        for pre in (None, pt.Metaspace(prepend_scheme="first")):
            data = json.loads(base.to_str())
            data["normalizer"] = json.loads(probe.to_str())["normalizer"]
            step = Tokenizer(models.BPE())
            if pre is not None:
                step.pre_tokenizer = pre
            data["pre_tokenizer"] = json.loads(step.to_str())["pre_tokenizer"]
            yield f"normalizer {name}{'' if pre is None else ', metaspace first'}", probed(data), None
    sentence = nz.Sequence([nz.Prepend("▁"), nz.Replace(" ", "▁")])
    fallback = dc.Sequence([dc.Replace("▁", " "), dc.ByteFallback(), dc.Fuse(), dc.Strip(" ", 1, 0)])
    whole = trained(models.BPE(unk_token="<unk>", fuse_unk=True), pt.Metaspace(), None)
    for name, data in (("", with_bytes(whole)), (" but one", with_bytes(whole, complete=False))):
        for fuse in (False, True):
            data = json.loads(json.dumps(data))
            data["model"]["fuse_unk"] = fuse
            data["normalizer"] = json.loads(normalizer_json(sentence))
            data["pre_tokenizer"] = None
            yield f"BPE, bytes{name}, fuse {fuse}", data, fallback
    yield "BPE, ignoring merges", changed(trained(models.BPE(), byte_level), ignore_merges=True), dc.ByteLevel()
    yield "BPE, word suffix", trained(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"), pt.Whitespace(),
                                      end_of_word_suffix="</w>"), dc.BPEDecoder("</w>")
    yield "BPE, continuing prefix", trained(models.BPE(unk_token="<unk>", continuing_subword_prefix="##"), pt.Whitespace(),
                                            continuing_subword_prefix="##"), None
    unigram = trained(models.Unigram(), pt.Metaspace())
    yield "unigram", unigram, dc.Metaspace()
    yield "unigram, whole", trained(models.Unigram(), None, nz.Replace(" ", "▁")), dc.Metaspace(prepend_scheme="never")
    yield "unigram, NFKC and words", trained(models.Unigram(), pt.WhitespaceSplit(), nz.NFKC()), None
    yield "unigram, bytes", with_bytes(unigram), dc.Sequence([dc.Metaspace(), dc.ByteFallback(), dc.Fuse()])
    yield "unigram, bytes but one", with_bytes(unigram, complete=False), dc.Sequence([dc.ByteFallback(), dc.Metaspace()])
    for name, settings in {
        "stripping": dict(lstrip=True, rstrip=True), "right": dict(rstrip=True), "left": dict(lstrip=True),
        "word": dict(single_word=True), "normalized": dict(normalized=True), "raw": dict(normalized=False),
    }.items():
        tokenizer = Tokenizer.from_str(base.to_str())
        tokenizer.normalizer = nz.Sequence([nz.NFKC(), nz.Lowercase()])
        tokenizer.add_tokens([tokenizers.AddedToken(text, **settings) for text in ("the", "Ab", "  ", "\n", "ﬁ")])
        tokenizer.add_special_tokens([tokenizers.AddedToken("<Sep>", **settings), tokenizers.AddedToken("<Se", **settings)])
        yield f"added tokens {name}", tokenizer, None
    around = Tokenizer.from_str(base.to_str())
    around.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 1))
    yield "post-processor roberta", around, None
    around = Tokenizer.from_str(base.to_str())
    around.post_processor = processors.Sequence([processors.ByteLevel(), processors.TemplateProcessing(
        single="<s> <unk> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2), ("<unk>", 0)])])
    yield "post-processor template", around, None


EXPRESSIONS = {
    "cl100k": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "cl100k, newer": r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s",
    "qwen2": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "qwen3.5": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "o200k": r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "tekken": r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "deepseek": r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "bloom": r" ?[^(\s|.,!?…。，、।۔،)]+",
    "superbpe": r"\d+(?=(\d{3})+(?!\d))|\w+|\W",
    "kimi": r"[\p{Han}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+",
    "looking back": r"(?<=[a-m])[n-z]|(?<!\s)\d+|(?>a|ab)c|\bthe\b|x*?y|^\w|\w$",
    "lazy and counted": r"a{2}|b{1,}|(?:cd){0,2}e|.{3,5}?[aeiou]|\S",
}


def normalizer_json(norm):
    probe = Tokenizer(models.BPE())
    probe.normalizer = norm
    return json.dumps(json.loads(probe.to_str())["normalizer"])


def probed(data):
    """All characters single, so that the ids show where the text was cut."""
    data = json.loads(json.dumps(data))
    data["model"]["unk_token"] = "<unk>"
    return data


def compare_steps(program, report, options):
    with tempfile.TemporaryDirectory() as folder:
        for index, (name, variant, decoder) in enumerate(variants()):
            if options.only and options.only not in name:
                continue
            data = variant if isinstance(variant, dict) else json.loads(variant.to_str())
            if decoder is not None:
                probe = Tokenizer(models.BPE())
                probe.decoder = decoder
                data["decoder"] = json.loads(probe.to_str())["decoder"]
            path = os.path.join(folder, f"{index}.json")
            with open(path, "w") as file:
                json.dump(data, file)
            try:
                compare(program, report, name, Tokenizer.from_file(path), path, options)
            except RuntimeError as error:
                report.line(name, [(error,)], 0)


def compare_sentencepiece(program, report, options):
    import sentencepiece as spm

    with tempfile.TemporaryDirectory() as folder:
        corpus = os.path.join(folder, "corpus.txt")
        with open(corpus, "w") as file:
            file.write("\n".join(line.replace("\n", " ") for line in CORPUS))
        for kind in ("bpe", "unigram"):
            for name, settings in {
                "default": {}, "bytes": dict(byte_fallback=True),
                "identity": dict(normalization_rule_name="identity", remove_extra_whitespaces=False),
                "like Llama": dict(normalization_rule_name="identity", remove_extra_whitespaces=False, byte_fallback=True,
                                   split_digits=True, allow_whitespace_only_pieces=True),
                "no prefix": dict(add_dummy_prefix=False), "case folded": dict(normalization_rule_name="nmt_nfkc_cf"),
                "user-defined": dict(user_defined_symbols=["<sep>", "the", "<sep>x"], control_symbols=["<ctl>"]),
                "suffix": dict(treat_whitespace_as_suffix=True),
            }.items():
                folder_name = os.path.join(folder, f"{kind}-{name.replace(' ', '-')}")
                os.makedirs(folder_name)
                prefix = os.path.join(folder_name, "tokenizer")
                spm.SentencePieceTrainer.train(input=corpus, model_prefix=prefix, model_type=kind, minloglevel=9,
                                               vocab_size=700, hard_vocab_limit=False, **settings)
                reference = spm.SentencePieceProcessor(model_file=prefix + ".model")
                rng = random.Random(options.seed)
                texts = random_texts(rng, options.count, ["<sep>", "<sep>x", "<ctl>", "<s>", "the"])
                texts = [text for text in texts if "\0" not in text]
                want = [reference.encode(text) for text in texts]
                got = program.encode(prefix + ".model", texts, False, False)
                report.line(f"sentencepiece {kind} {name} encode",
                            [(t, "want", w, "got", g) for t, w, g in zip(texts, want, got) if w != g], len(texts))


def compare_tiktoken(program, report, options):
    import tiktoken

    for path, encoding in zip(options.paths[::2], options.paths[1::2]):
        data = json.load(open(path))
        spelled = {chr(code): byte for byte, code in bytes_to_unicode().items()}
        ranks = {bytes(spelled[c] for c in token): rank for token, rank in data["model"]["vocab"].items()
                 if all(c in spelled for c in token)}
        ranks = {token: rank for rank, (token, _) in enumerate(sorted(ranks.items(), key=lambda item: item[1]))}
        ranks = fitted(ranks, COUNTS[encoding])
        pattern = {"r50k_base": EXPRESSIONS_TIKTOKEN["r50k_base"], "p50k_base": EXPRESSIONS_TIKTOKEN["r50k_base"]}.get(encoding, EXPRESSIONS[ENCODINGS.get(encoding, "cl100k")])
        reference = tiktoken.Encoding(encoding, pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, f"{encoding}.tiktoken")
            with open(file, "wb") as out:
                for token, rank in ranks.items():
                    out.write(base64.b64encode(token) + b" %d\n" % rank)
            texts = random_texts(random.Random(options.seed), options.count, [])
            if encoding == "qwen":
                import unicodedata
                texts = [text for text in texts if unicodedata.is_normalized("NFC", text)]
            want = [reference.encode(text, disallowed_special=()) for text in texts]
            got = program.encode(folder, texts, False, False)
            report.line(f"tiktoken {encoding} of {len(ranks)} encode",
                        [(t, "want", w, "got", g) for t, w, g in zip(texts, want, got) if w != g], len(texts))
            rows = [ids for ids in want if ids]
            report.line(f"tiktoken {encoding} decode", [
                (r, w, g) for r, w, g in zip(rows, map(reference.decode, rows), program.decode(folder, rows)) if w != g
            ], len(rows))


COUNTS = {"r50k_base": 50256, "p50k_base": 50280, "cl100k_base": 100256, "o200k_base": 199998, "llama3": 128000, "qwen": 151643}


def fitted(ranks, count):
    """As many ranks as an encoding has: the first, or more, of tokens joined at random. p50k leaves out one rank."""
    tokens, rng = list(ranks)[:count], random.Random(7)
    known = set(tokens)
    while len(tokens) < count:
        joined = rng.choice(tokens) + rng.choice(tokens)
        if joined not in known:
            known.add(joined)
            tokens.append(joined)
    return {token: rank + (count == COUNTS["p50k_base"] and rank >= 50256) for rank, token in enumerate(tokens)}


ENCODINGS = {"llama3": "cl100k", "cl100k_base": "cl100k", "qwen": "qwen2", "o200k_base": "o200k"}
EXPRESSIONS_TIKTOKEN = {"r50k_base": r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"}


def bytes_to_unicode():
    printable = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    table, extra = {}, 0
    for byte in range(256):
        if byte in printable:
            table[byte] = byte
        else:
            table[byte] = 256 + extra
            extra += 1
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--count", type=int, default=1000, help="texts a tokenizer")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="steps whose name has this in it")
    parser.add_argument("kind", choices=["files", "pairs", "steps", "sentencepiece", "tiktoken"])
    parser.add_argument("paths", nargs="*")
    options = parser.parse_args()
    report = Report()
    {"files": compare_files, "pairs": compare_pairs, "steps": compare_steps, "sentencepiece": compare_sentencepiece,
     "tiktoken": compare_tiktoken}[options.kind](Program(options.program), report, options)
    sys.exit(report.failed)


if __name__ == "__main__":
    main()
