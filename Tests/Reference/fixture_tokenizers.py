"""Tokenizer fixtures through `topsail tokenize`: ids, texts of ids, and one message through the chat template."""

import gzip
import json
import shutil


def check_all(folders, program, work, real, report):
    for folder in folders:
        case = json.loads((folder / "case.json").read_text())
        for source, path in sources(folder, case["files"], work, real):
            name = f"{folder.name} ({source})"
            if path is None:
                report.not_run(name, f"{case['files']['real_gguf']} was not given")
            elif case["kind"] == "vocabulary":
                check_vocabulary(name, path, program, work, report)
            else:
                counts, problems = check(folder, path, source, program, work)
                report.case(name, {}, problems, counts)


def sources(folder, files, work, real):
    """Each form of a vocabulary, unpacked, beside its configuration."""
    place = work / f"tokenizer-{folder.name}"
    place.mkdir()
    if "tokenizer_config" in files:
        shutil.copy(folder / files["tokenizer_config"], place)
    for key in ("tokenizer_json", "vocab_gguf"):
        if key in files:
            target = place / files[key].removesuffix(".gz")
            with gzip.open(folder / files[key]) as packed, open(target, "wb") as plain:
                shutil.copyfileobj(packed, plain)
            yield target.name, target
    if "real_gguf" in files:
        yield files["real_gguf"], real.get(files["real_gguf"])


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line] if path.exists() else []


def documents(outcome):
    return [json.loads(line) for line in outcome.output.split("\n") if line]


def tokenize(program, work, path, values, *flags):
    """One document for each of `values`."""
    text = work / "lines.jsonl"
    text.write_text("\n".join(json.dumps(value) for value in values) + "\n", encoding="utf-8")
    outcome = program.run("tokenize", "--model", path, "--lines", "--file", text, "--json", *flags)
    found = documents(outcome)
    if outcome.status != 0 or len(found) != len(values):
        raise RuntimeError(f"{outcome.status}, {len(found)} of {len(values)} lines: {outcome.errors.strip()[:200]}")
    return found


def check(folder, path, source, program, work):
    is_gguf = source.endswith(".gguf")
    problems, counted = [], []
    records = lines(folder / "expected.jsonl")
    bos = json.loads((folder / "case.json").read_text()).get("bos")
    bos_id = next((r["ids"][0] for r in records if bos and r["parse_special"] and r["pieces"][:1] == [bos]), None)

    def forms(ids):
        """Metadata of GGUF files and `tokenizer.json` do not always agree on a leading BOS."""
        return [ids, ids[1:]] if is_gguf and bos_id is not None and ids[:1] == [bos_id] else [ids]

    wrong = 0
    for add in (False, True):
        for parse in (False, True):
            group = [r for r in records if r["add_special"] == add and r["parse_special"] == parse]
            flags = ["--add-special"] * add + ["--parse-special"] * parse
            found = tokenize(program, work, path, [r["text"] for r in group], *flags) if group else []
            for record, document in zip(group, found):
                allowed = forms(record["ids"])
                if is_gguf and "llama_cpp_ids" in record:
                    allowed += forms(record["llama_cpp_ids"])
                if not any(ids in allowed for ids in forms(document["ids"])):
                    wrong += 1
                    if wrong == 1:
                        problems.append(f"{record['text'][:40]!r} is {document['ids'][:12]}, expected {record['ids'][:12]}")
    counted.append(f"{len(records) - wrong} of {len(records)} texts")
    records = [r for r in records if "roundtrip_text" in r]
    decoding = [(r["ids"], r["roundtrip_text"]) for r in records]
    decoding += [(r["ids"], r["text"]) for r in lines(folder / "decode.jsonl")]
    found = tokenize(program, work, path, [ids for ids, _ in decoding], "--detokenize")
    wrong = [(ids, text, document["text"]) for (ids, text), document in zip(decoding, found) if document["text"] != text]
    counted.append(f"{len(decoding) - len(wrong)} of {len(decoding)} decoded")
    problems += [f"{ids[:12]} is {ours[:40]!r}, expected {text[:40]!r}" for ids, text, ours in wrong[:1]]
    counted += check_chat(folder, path, is_gguf, program, work, problems)
    return ", ".join(counted), problems


def check_chat(folder, path, is_gguf, program, work, problems):
    """Rendered conversations are read as text; a single message also goes through the template."""
    records = [r for r in lines(folder / "chat.jsonl") if "ids" in r]
    if not records:
        return []
    found = tokenize(program, work, path, [r["rendered"] for r in records], "--parse-special")
    right = sum(document["ids"] in (r["ids"], r.get("llama_cpp_ids")) for r, document in zip(records, found))
    counted = [f"{right} of {len(records)} conversations"]
    if right < len(records):
        problems.append(f"{len(records) - right} conversations have other ids")
    single = [r for r in records if r["add_generation_prompt"] and [m["role"] for m in r["messages"]] == ["user"]]
    if is_gguf and "vocab" in path.name or not single:
        return counted
    if not is_gguf:
        # A folder keeps the template in its configuration.
        configuration = path.parent / "tokenizer_config.json"
        settings = json.loads(configuration.read_text())
        settings["chat_template"] = (folder / "chat_template.jinja").read_text()
        configuration.write_text(json.dumps(settings))
    right = 0
    for record in single:
        outcome = program.run(
            "tokenize", "--model", path, "--chat", "--text", record["messages"][0]["content"], "--json")
        if outcome.is_refusal and "has no chat template" in outcome.errors:
            return counted + ["no template in the file, and it says so"]
        right += outcome.status == 0 and json.loads(outcome.output)["ids"] == record["ids"]
        if outcome.status != 0:
            problems.append(outcome.errors.strip()[:160])
    if right < len(single):
        problems.append(f"{len(single) - right} messages rendered differently")
    return counted + [f"{right} of {len(single)} messages rendered"]


def check_vocabulary(name, path, program, work, report):
    """Without expected ids: what is read must come back."""
    texts = ["Hello, world!", "  two  spaces\n\tand a tab", "naïve café ☃ 日本語 1234567"]
    try:
        found = tokenize(program, work, path, texts)
        back = tokenize(program, work, path, [document["ids"] for document in found], "--detokenize")
        other = [text for text, document in zip(texts, back) if document["text"].strip() != text.strip()]
        report.case(name, {}, [f"{text!r} does not come back" for text in other[:1]], "texts come back")
    except RuntimeError as error:
        report.case(name, {}, [str(error)])
