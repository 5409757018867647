#!/usr/bin/env python3
"""Compares Topsail's chat templates with the renderer of transformers (jinja2 as `apply_chat_template` sets it up).

  chat_templates.py fixture            writes chat_template_cases.jsonl beside this file, the committed cases
  chat_templates.py cases FILE [N]     writes all cases and N random ones per template (default 40) to FILE
  chat_templates.py compare FILE OUT   compares what Topsail made of FILE with what jinja2 said

Between the last two, Topsail renders the file:

  TOPSAIL_TEMPLATE_CASES=FILE TOPSAIL_TEMPLATE_OUTPUT=OUT swift test -c release --filter ChatTemplateCaseTests

Needs transformers 5 with jinja2 3.1.6; nothing is fetched from a hub. `cases` also takes the published templates in
shared/fixtures/tokenizers (or $TOPSAIL_FIXTURES), which are not ours to copy, when they are there.
A case is {name, template, variables, date} with `rendered`, or `error` and whether the template `refused`; what is left
out of the first four is as in the case before.
"""

import datetime
import json
import os
import random
import sys
from pathlib import Path

import jinja2
import transformers.utils.chat_template_utils as renderer

from chat_template_families import FAMILIES
from chat_template_snippets import SNIPPETS, VARIABLES

HERE = Path(__file__).resolve().parent
FIXTURE = HERE / "chat_template_cases.jsonl"
PUBLISHED = Path(os.environ.get("TOPSAIL_FIXTURES", HERE.parents[2] / "shared" / "fixtures")) / "tokenizers"
SHARED = ["template", "variables", "date"]
NOW = datetime.datetime(2031, 3, 9, 14, 5, 7)


class FixedDate(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return NOW


renderer.datetime = FixedDate


def case(name, template, variables):
    record = {"name": name, "template": template, "variables": variables, "date": NOW.isoformat()}
    try:
        record["rendered"] = renderer._compile_jinja_template(template).render(**json.loads(json.dumps(variables)))
        record["rendered"].encode()
    except Exception as error:
        record.pop("rendered", None)
        record["error"] = str(error)
        record["refused"] = type(error) is jinja2.exceptions.TemplateError
    return record


def conversation(rng, kind):
    """Messages of one kind: proper turns, any roles, or contents in parts."""
    texts = ["", " ", "Hi", "  two\nlines \n", "What's 2+2?", "<think>hm</think>\n\nfour", "été 世界 🙂", "{{ x }} {% y %}",
             "<|im_end|>", "a\r\nb", "\"quoted\" \\ 'both'", "\ttab", "</think>", "<b>&amp;</b>"]
    messages = []
    if rng.random() < 0.4:
        messages.append({"role": "system", "content": rng.choice(texts)})
    for turn in range(rng.randrange(0, 6)):
        role = ["user", "assistant"][turn % 2]
        if kind != "proper" and rng.random() < 0.25:
            role = rng.choice(["system", "user", "assistant", "tool", "function", "developer"])
        content = rng.choice(texts)
        if kind == "parts" and rng.random() < 0.5:
            content = [{"type": "text", "text": rng.choice(texts)} for _ in range(rng.randrange(1, 3))]
            if rng.random() < 0.3:
                content.insert(0, {"type": "image"})
        message = {"role": role, "content": content}
        if kind == "parts" and role == "assistant" and rng.random() < 0.3:
            message["tool_calls"] = [{"type": "function", "id": "call12345", "function": {
                "name": "weather", "arguments": {"city": "Wien", "days": rng.randrange(9), "exact": True}}}]
        if kind == "parts" and role == "assistant" and rng.random() < 0.2:
            message["reasoning_content"] = "\nthinking\n"
        messages.append(message)
    return messages


TOOLS = [{"type": "function", "function": {"name": "weather", "description": "Tells the <weather>", "parameters": {
    "type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer", "default": 1.5}},
    "required": ["city"]}}}]


def conversations(name, template, count, rng):
    for number in range(count):
        kind = rng.choice(["proper", "proper", "any", "parts"])
        variables = {"messages": conversation(rng, kind), "tools": None, "documents": None,
                     "add_generation_prompt": rng.random() < 0.5, "bos_token": "<s>", "eos_token": "</s>"}
        if rng.random() < 0.15:
            variables["tools"] = TOOLS
        if rng.random() < 0.1:
            variables["enable_thinking"] = rng.random() < 0.5
        if rng.random() < 0.1:
            del variables["bos_token"]
        yield case(f"{name}/{number}", template, variables)


def snippets():
    for number, template in enumerate(SNIPPETS):
        yield case(f"snippet/{number}", template, VARIABLES)


def published():
    for path in sorted(PUBLISHED.glob("*/chat_template.jinja")):
        yield path.parent.name, path.read_text()


def write(path, records):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="\n") as file:
        last = {}
        for record in records:
            kept = {key: value for key, value in record.items() if key not in SHARED or last.get(key) != value}
            file.write(json.dumps(kept) + "\n")
            last = record


def read(file):
    last = {}
    for line in file:
        record = json.loads(line)
        last = {**{key: last[key] for key in SHARED if key in last}, **record}
        yield last


def compare(cases, output):
    wrong = 0
    with open(cases) as expected, open(output) as found:
        pairs = list(zip(read(expected), read(found), strict=True))
    for want, got in pairs:
        assert want["name"] == got["name"]
        same = want.get("rendered") == got.get("rendered")
        if want.get("refused"):
            same = same and want["error"] == got.get("refused")
        elif "error" in want:
            same = same and "error" in got
        if not same:
            wrong += 1
            print(want["name"], repr(want["template"][:300]), "\n  jinja2 ", {k: want[k] for k in want if k in ("rendered", "error")},
                  "\n  topsail", {k: got[k] for k in got if k != "name"})
    print(f"{len(pairs)} cases, {wrong} differ; {sum('error' in a for a, _ in pairs)} are errors in jinja2")
    return wrong == 0


def main():
    command = sys.argv[1]
    if command == "fixture":
        rng = random.Random(1)
        records = list(snippets())
        for name, template in FAMILIES.items():
            records += conversations(name, template, 6, rng)
        write(FIXTURE, records)
    elif command == "cases":
        rng = random.Random(int(os.environ.get("SEED", "7")))
        count = int(sys.argv[3]) if len(sys.argv) > 3 else 40
        records = list(snippets())
        for name, template in [*FAMILIES.items(), *published()]:
            records += conversations(name, template, count, rng)
        write(Path(sys.argv[2]), records)
    else:
        sys.exit(0 if compare(sys.argv[2], sys.argv[3]) else 1)


main()
