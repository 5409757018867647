"""SAE fixtures through `topsail sae encode`, and inputs that must be refused through whatever command reads them."""

import json
import pathlib

import numpy as np
from safetensors.numpy import load_file

from fixture_models import commas


def check_encoders(folders, program, work, real, report):
    for folder in folders:
        case = json.loads((folder / "case.json").read_text())
        if case["kind"] == "encode":
            check_encoder(folder, case, program, work, report)
        else:
            report.not_run(folder.name, "quantile files are no SAE; the library's tests read them")


def either(ours, theirs, tolerance):
    """The worst difference as a share of the tolerance, absolute or relative, whichever is kinder."""
    if ours.shape != theirs.shape or not np.isfinite(ours).all():
        return float("inf")
    difference = np.abs(ours.astype(np.float64) - theirs)
    allowed = np.maximum(tolerance["abs"], tolerance["rel"] * np.abs(theirs.astype(np.float64)))
    return float((difference / allowed).max(initial=0))


def check_encoder(folder, case, program, work, report):
    output = work / "encoded.safetensors"
    output.unlink(missing_ok=True)
    options = [part for key, value in case["options"].items() for part in ("--option", f"{key}={value}")]
    outcome = program.run(
        "sae", "encode", "--sae", folder / case["checkpoint"], "--input", folder / "expected.safetensors", *options,
        "--output", output)
    if outcome.status != 0:
        return report.case(folder.name, {}, [outcome.errors.strip()[:200]])
    ours, theirs = load_file(output), load_file(folder / "expected.safetensors")
    shares, problems = {}, []
    for name in ("features", "reconstruction"):
        if name not in theirs:
            if name in ours:
                problems.append(f"has {name}, the reference has none")
            continue
        wanted = theirs[name].reshape(len(theirs[name]), -1)
        shares[name] = either(ours[name], wanted, case["tolerance"]) if name in ours else float("inf")
    if case["same_active_set"]:
        flips = int(((ours["features"] != 0) != (theirs["features"] != 0)).sum())
        if flips:
            problems.append(f"{flips} neurons are active in one and not in the other")
    report.case(folder.name, shares, problems)


def check_refusals(folders, program, work, real, report):
    for folder in folders:
        case = json.loads((folder / "case.json").read_text())
        check_refusal(folder, case, program, work, report)


def check_refusal(folder, case, program, work, report):
    """One sentence, exit status 1, no output file, within the case's limits; a warning will do where the case allows it."""
    limits = case.get("limits", {"seconds": 5, "resident_mib": 256})
    problems, sentence = [], ""
    output = work / "refused.safetensors"
    for command in commands(folder, case, output):
        outcome = program.run(*command, seconds=2 * limits["seconds"])
        sentence = (outcome.errors.strip() or outcome.output.strip()).splitlines()[0][:150] if (
            outcome.errors.strip() or outcome.output.strip()) else "nothing said"
        name = " ".join(map(str, command[:2]))
        reports = command[:2] == ("sae", "check")  # says on standard output what it found
        if not outcome.is_refusal and not (reports and outcome.status == 1):
            problems.append(f"{name} ends with {outcome.status}: {sentence}")
        said = outcome.errors + outcome.output
        problems += [f"{name} does not name {word}" for word in case.get("message_should_name", []) if word not in said]
        if outcome.seconds > limits["seconds"] or outcome.peak_mib > limits["resident_mib"]:
            problems.append(f"{name} takes {outcome.seconds:.1f} s and {outcome.peak_mib:.0f} MiB")
        if output.exists():
            problems.append(f"{name} leaves an output file")
            output.unlink()
    problems += [f"{path} exists" for path in case.get("must_not_exist_afterwards", []) if pathlib.Path(path).exists()]
    report.case(folder.name, {}, problems, sentence)


def commands(folder, case, output):
    """What must refuse it."""
    if "checkpoint" in case:
        checkpoint, expected = folder / case["checkpoint"], work_input(folder)
        for command in case["fails"]:
            if command == "encode":
                yield ("sae", "encode", "--sae", checkpoint, "--input", expected, "--output", output)
            else:
                yield ("sae", command, checkpoint)
        return
    path = folder / case["open"]
    if case["input"] == "tokenizer":
        yield ("tokenize", "--model", path, "--text", "a b c")
        return
    ids = commas([1, 2, 3])
    yield ("activations", "--model", path, "--ids", ids, "--logits", "--output", output)
    yield ("generate", "--model", path, "--ids", ids, "--max-tokens", "2")
    if case["input"] == "gguf":
        yield ("tensors", path, "--json")


def work_input(folder):
    """The case's own activations, or any: the checkpoint is read first."""
    own = folder / "expected.safetensors"
    return own if own.exists() else folder.parent.parent / "saelens-standard" / "expected.safetensors"
