"""Model and GGUF fixtures through `topsail activations`, `generate`, `tokenize` and `tensors`."""

import json

import numpy as np
from safetensors.numpy import load_file, save_file


def share(ours, theirs, absolute, relative):
    """The worst difference as a share of `absolute + relative |x|`; infinite where shapes differ or a value is no number."""
    ours, theirs = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    if ours.shape != theirs.shape or not np.isfinite(ours).all():
        return float("inf")
    return float((np.abs(ours - theirs) / (absolute + relative * np.abs(theirs))).max(initial=0))


def commas(ids):
    return ",".join(map(str, ids))


def activations(program, work, model, ids, hooks, logits=True):
    output = work / "activations.safetensors"
    output.unlink(missing_ok=True)
    (work / "ids.txt").write_text(commas(ids))
    outcome = program.run(
        "activations", "--model", model, "--ids-file", work / "ids.txt", *(["--hook", *hooks] if hooks else []),
        *(["--logits"] if logits else []), "--precision", "exact", "--output", output)
    if outcome.status != 0:
        raise RuntimeError(outcome.errors.strip()[:200])
    return load_file(output)


def continuation(program, model, ids, count):
    outcome = program.run(
        "generate", "--model", model, "--ids", commas(ids), "--greedy", "--max-tokens", count, "--precision", "exact",
        "--json")
    if outcome.status != 0:
        raise RuntimeError(outcome.errors.strip()[:200])
    return json.loads(outcome.output)["ids"]


def tokens(program, model, text, *flags):
    outcome = program.run("tokenize", "--model", model, "--text", text, "--json", *flags)
    if outcome.status != 0:
        raise RuntimeError(outcome.errors.strip()[:200])
    return json.loads(outcome.output)["ids"]


def check_folders(folders, program, work, real, report):
    for folder in folders:
        check_model(folder, folder, (1e-4, 1e-4), program, work, report)


def check_files(folders, program, work, real, report):
    for folder in folders:
        case = json.loads((folder / "case.json").read_text())
        if case["kind"] == "gguf-model":
            check_model(folder, folder / case["file"], (2e-4, 2e-4), program, work, report)
        elif case["kind"] == "real-gguf":
            if case["file"] in real:
                check_real(folder, case, real[case["file"]], program, work, report)
            else:
                report.not_run(folder.name, f"{case['file']} was not given")
        elif case["kind"] == "gguf-metadata":
            check_metadata(folder, case, program, work, report)
        else:
            check_blocks(folder, program, work, report)


def check_model(folder, model, tolerance, program, work, report):
    """Every array of both prompts, the greedy tokens, and ids from text where there is a tokenizer."""
    case = json.loads((folder / "case.json").read_text())
    expected = load_file(folder / "expected.safetensors")
    has_tokenizer = model.suffix == ".gguf" or (folder / "tokenizer.json").exists()
    shares, problems, compared = {"hooks": 0.0, "logits": 0.0}, [], 0
    try:
        for number, (prompt, greedy) in enumerate(zip(case["prompts"], case["greedy"])):
            theirs = {
                name.removeprefix(f"p{number}."): value for name, value in expected.items()
                if name.startswith(f"p{number}.")}
            hooks = [name for name in theirs if name not in ("input_ids", "logits")]
            ours = activations(program, work, model, prompt["ids"], hooks)
            if ours["input_ids"].tolist() != prompt["ids"]:
                problems.append("other input_ids")
            for name in [*hooks, "logits"]:
                kind = "logits" if name == "logits" else "hooks"
                shares[kind] = max(shares[kind], share(ours[name], theirs[name], *tolerance))
                compared += 1
            if continuation(program, model, prompt["ids"], len(greedy)) != greedy:
                problems.append(f"p{number} continues differently")
            if has_tokenizer and "text" in prompt and tokens(
                    program, model, prompt["text"], "--add-special", "--parse-special") != prompt["ids"]:
                problems.append(f"p{number} has other ids")
        shares["extracted"], note = extracted(model, folder, program, work)
    except (RuntimeError, KeyError) as error:
        problems.append(f"{type(error).__name__}: {error}")
        note = ""
    report.case(folder.name, shares, problems, f"{compared} arrays, greedy" + (f", {note}" if note else ""))


def extracted(model, folder, program, work):
    """Every tensor of the first file as fp32, against safetensors' or gguf's own reading; equal to the last bit but for sums."""
    files = [model] if model.suffix == ".gguf" else sorted(folder.glob("model*.safetensors"))
    worst, count = 0.0, 0
    for file in files:
        theirs = read_gguf(file) if file.suffix == ".gguf" else read_torch(file)
        if theirs is None:
            return 0.0, ""
        output = work / "extracted.safetensors"
        output.unlink(missing_ok=True)
        outcome = program.run("tensors", file, "--extract", *theirs, "--output", output)
        if outcome.status != 0:
            raise RuntimeError(outcome.errors.strip()[:200])
        ours = load_file(output)
        for name, value in theirs.items():
            worst = max(worst, share(ours[name], value, 1e-7, 1e-6))
            count += 1
    return worst, f"{count} tensors extracted"


def read_torch(file):
    import torch
    from safetensors.torch import load_file as load

    return {name: value.to(torch.float32).numpy() for name, value in load(file).items()}


def read_gguf(file):
    try:
        from gguf import GGUFReader, dequantize
    except ImportError:
        return None
    return {
        tensor.name: dequantize(tensor.data, tensor.tensor_type).astype(np.float32).reshape(
            [int(n) for n in tensor.shape[::-1]])
        for tensor in GGUFReader(file).tensors}


def check_metadata(folder, case, program, work, report):
    """Names, shapes, values of every metadata type, and sums of tensors."""
    file = folder / case["file"]
    outcome = program.run("tensors", file, "--json")
    problems = [] if outcome.status == 0 else [outcome.errors.strip()]
    if not problems:
        document = json.loads(outcome.output)
        for key, value in case["metadata"].items():
            ours = flat(document["metadata"].get(key))
            if ours != flat(value):
                problems.append(f"{key} is {str(ours)[:60]}, expected {str(value)[:60]}")
        shapes = {tensor["name"]: tensor["shape"] for tensor in document["tensors"]}
        names = [tensor["name"] for tensor in case["tensors"]]
        output = work / "odd.safetensors"
        outcome = program.run("tensors", file, "--extract", *names, "--output", output)
        values = load_file(output) if outcome.status == 0 else {}
        for tensor in case["tensors"]:
            if shapes.get(tensor["name"]) != tensor["dims_as_in_file"][::-1]:
                problems.append(f"{tensor['name']} has shape {shapes.get(tensor['name'])}")
            value = values.get(tensor["name"], np.zeros(0)).ravel()
            if share(value[:6], tensor["first"], 1e-7, 1e-6) > 1 or abs(value.sum() - tensor["sum"]) > 1e-4:
                problems.append(f"{tensor['name']} has other values: {outcome.errors.strip()[:100]}")
    report.case(folder.name, {}, problems, f"{len(case['metadata'])} values, {len(case['tensors'])} tensors")


def flat(value):
    """The reference reads nested arrays as one list."""
    if not isinstance(value, list):
        return value
    return [inner for each in value for inner in (flat(each) if isinstance(each, list) else [each])]


def check_blocks(folder, program, work, report):
    """Each block type: a GGUF file is made of the raw blocks, and its tensors are extracted."""
    try:
        from gguf import GGMLQuantizationType, GGUFWriter
    except ImportError:
        return report.not_run(folder.name, "there is no gguf package")
    blocks = load_file(folder / "blocks.safetensors")
    file, output = work / "blocks.gguf", work / "blocks.safetensors"
    writer = GGUFWriter(file, "none")
    names = [name.removesuffix(".blocks") for name in blocks if name.endswith(".blocks")]
    for name in names:
        kind = GGMLQuantizationType[name.split(".")[0]]
        raw = blocks[f"{name}.blocks"]
        # The writer wants plain types as numbers and block types as bytes.
        raw = raw.view(np.float32) if kind.name == "F32" else raw.view(np.float16) if kind.name == "F16" else raw
        writer.add_tensor(name, raw, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    outcome = program.run("tensors", file, "--extract", *names, "--output", output)
    if outcome.status != 0:
        return report.case(folder.name, {}, [outcome.errors.strip()[:200]])
    ours, worst = load_file(output), 0.0
    for name in names:
        theirs = blocks[f"{name}.values"].astype(np.float64)
        largest = np.abs(theirs).max(axis=1, keepdims=True)
        difference = np.abs(ours[name] - theirs)
        if not np.isfinite(ours[name]).all():
            worst = float("inf")
        worst = max(worst, float((difference / np.maximum(1e-6 * largest, 1e-30)).max()))
    report.case(folder.name, {"values": worst}, [], f"{len(names)} tensors of {len({n.split('.')[0] for n in names})} types")


def check_real(folder, case, model, program, work, report):
    """A real model: parts of its activations, its best logits, what it writes, and its loss on a text."""
    expected = load_file(folder / "expected.safetensors")
    shares = dict.fromkeys(["vectors", "norms", "top logits", "loss"], 0.0)
    problems, greedy_steps, best = [], 0, [0, 0]
    try:
        for number, prompt in enumerate(case["prompts"]):
            prefix = f"p{number}."
            flags = ["--parse-special"] if "messages" in prompt else ["--add-special"]
            if tokens(program, model, prompt["text"], *flags) != prompt["ids"]:
                problems.append(f"p{number} has other ids")
            hooks = sorted({name.removeprefix(prefix).rsplit(".", 1)[0] for name in expected
                            if name.startswith(prefix) and name.endswith(".norm")})
            ours = activations(program, work, model, prompt["ids"], hooks)
            for hook in hooks:
                check_vectors(ours[hook], expected, prefix + hook, shares)
            logits = ours["logits"]
            shares["top logits"] = max(shares["top logits"], share(
                logits[-1][expected[prefix + "top_ids"]], expected[prefix + "top_logits"], 0.005, 0))
            for row, token in zip(logits, expected[prefix + "argmax"]):
                best[0] += int(row.argmax()) == token
                best[1] += 1
                if int(row.argmax()) != token and row.max() - row[token] > 0.02:
                    problems.append(f"p{number} has another best token")
            found = continuation(program, model, prompt["ids"], len(prompt["greedy"]))
            steps = next((i for i, margin in enumerate(prompt["greedy_margins"]) if margin < 0.02), len(prompt["greedy"]))
            if len(found) < steps and ends(program, model, found):
                steps = len(found)  # the reference went on past the end of the answer
            greedy_steps += steps
            if found[:steps] != prompt["greedy"][:steps]:
                problems.append(f"p{number} continues differently")
        losses = {}
        for text in ("paragraph", "long"):
            losses[text] = loss(program, work, model, case[text]["ids"])
            allowed = 1e-3 if text == "paragraph" else 2e-3
            shares["loss"] = max(shares["loss"], abs(losses[text] - case[text]["mean_nll"]) / allowed)
        note = (f"best token {best[0]} of {best[1]}, {greedy_steps} greedy steps, "
                + ", ".join(f"{text} {value:.6f} ({case[text]['mean_nll']})" for text, value in losses.items()))
    except (RuntimeError, KeyError) as error:
        problems.append(f"{type(error).__name__}: {error}")
        note = ""
    report.case(folder.name, shares, problems, note)


def ends(program, model, ids):
    """Whether the last token is one that is spelled like an end of text."""
    outcome = program.run("tokenize", "--model", model, "--detokenize", commas(ids[-1:]), "--json")
    return json.loads(outcome.output)["text"] in ("<|im_end|>", "<|endoftext|>", "<end_of_turn>", "<eos>")


def check_vectors(ours, expected, name, shares):
    """2e-3 of a vector's root mean square; norms to 1e-3."""
    norms = expected[name + ".norm"]
    size = norms / ours.shape[1] ** 0.5
    first = np.abs(ours[:, :8] - expected[name + ".first8"]).max(axis=1) / (2e-3 * size)
    last = np.abs(ours[-1] - expected[name + ".last"]).max() / (2e-3 * size[-1])
    shares["vectors"] = max(shares["vectors"], float(first.max()), float(last))
    shares["norms"] = max(shares["norms"], share(np.linalg.norm(ours, axis=1), norms, 0, 1e-3))


def loss(program, work, model, ids):
    """Mean negative log likelihood of each token after the first."""
    logits = activations(program, work, model, ids, [])["logits"]
    total = 0.0
    for row, token in zip(logits[:-1], ids[1:]):
        row = row.astype(np.float64)
        total += np.log(np.exp(row - row.max()).sum()) + row.max() - row[token]
    return total / (len(ids) - 1)
