#!/usr/bin/env python3
"""Puts golden fixtures through the command line: `tokenize`, `activations`, `generate`, `tensors --extract`, `sae encode`.

The fixtures are folders with a `case.json` and what other people's libraries computed; FIXTURES has `tokenizers`, `models`, `gguf`,
`sae` and `bad` below it. Needs Python with numpy and safetensors, for the block types also gguf, and the built `topsail`. Nothing
is fetched; the files of real models are named with --real, and cases whose file is not named are counted as not run.

  python Tests/Reference/fixtures.py .build/release/topsail FIXTURES
  python Tests/Reference/fixtures.py .build/release/topsail FIXTURES --kind sae --kind bad
  python Tests/Reference/fixtures.py .build/release/topsail FIXTURES --real SmolLM2-135M-Instruct.Q4_1.gguf gemma-3-270m-q4_k_m.gguf

Prints a line a case with its worst difference as a share of the tolerance that the case states, then the counts. Exit status 1 when
a case is off.
"""

import argparse
import pathlib
import sys
import tempfile

import fixture_checkpoints
import fixture_models
import fixture_tokenizers
from program import Program

# Refusals come first: the peak memory of a program counts what its parent held when it was started, and that grows here.
KINDS = {
    "bad": fixture_checkpoints.check_refusals,
    "tokenizers": fixture_tokenizers.check_all,
    "models": fixture_models.check_folders,
    "gguf": fixture_models.check_files,
    "sae": fixture_checkpoints.check_encoders,
}


class Report:
    """Lines of cases, and how they came out."""

    def __init__(self, kind):
        self.kind = kind
        self.passed = self.failed = self.left_out = 0
        self.worst = {}

    def case(self, name, shares, problems=(), note=""):
        """`shares`: for each thing compared its worst difference as a share of the tolerance."""
        fits = not problems and all(share <= 1 for share in shares.values())
        self.passed, self.failed = self.passed + fits, self.failed + (not fits)
        for what, share in shares.items():
            self.worst[what] = max(self.worst.get(what, 0), share)
        figures = ", ".join(f"{what} {share:.3f}" for what, share in shares.items())
        print(f"{'ok ' if fits else 'OFF'} {self.kind}/{name}: {'; '.join(filter(None, [figures, note, *problems]))}", flush=True)

    def not_run(self, name, why):
        self.left_out += 1
        print(f"--  {self.kind}/{name}: {why}", flush=True)

    def summary(self):
        worst = ", ".join(f"{what} {share:.3f}" for what, share in self.worst.items())
        return (f"{self.kind}: {self.passed} pass, {self.failed} off, {self.left_out} not run"
                + (f"; worst as a share of the tolerance: {worst}" if worst else ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the built topsail")
    parser.add_argument("fixtures", type=pathlib.Path)
    parser.add_argument("--kind", action="append", choices=KINDS, help="only these (default: all)")
    parser.add_argument("--case", help="only cases whose name contains this")
    parser.add_argument("--real", nargs="*", default=[], type=pathlib.Path, help="files of real models")
    arguments = parser.parse_args()
    real = {path.name: path.resolve() for path in arguments.real}
    reports = []
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(temporary)
        program = Program(arguments.program, work / "workspace")
        for kind in arguments.kind or KINDS:
            report = Report(kind)
            folders = [
                path.parent for path in sorted((arguments.fixtures / kind).glob("*/case.json"))
                if not arguments.case or arguments.case in path.parent.name]
            if kind == "bad":
                folders += sorted(path.parent for path in (arguments.fixtures / "sae" / "bad").glob("*/case.json"))
            KINDS[kind](folders, program, work, real, report)
            reports.append(report)
    print()
    for report in reports:
        print(report.summary())
    return 1 if any(report.failed for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
