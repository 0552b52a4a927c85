#!/usr/bin/env python3
"""Makes the pages of reference from the program: what it says of itself is what the pages say.

    reference.py PROGRAM            writes the pages below docs/reference
    reference.py PROGRAM --check    compares them with what would be written

The last line of --check says how many pages are as they should be."""

import argparse
import difflib
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "reference"
MADE = "<!-- Made by docs/tools/reference.py from the program: change the program, and run it again. -->"


class Program:
    def __init__(self, path):
        self.path = path
        self.home = tempfile.TemporaryDirectory()

    def says(self, *words, width=100):
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("COMITY", "XDG_"))}
        environment.update(HOME=self.home.name, NO_COLOR="1", LC_ALL="C.UTF-8", COLUMNS=str(width))
        done = subprocess.run([self.path, *words], capture_output=True, text=True, env=environment, check=False)
        if done.returncode != 0:
            raise SystemExit(f"comity {' '.join(words)} ends with {done.returncode}: {done.stderr}")
        return done.stdout

    def json(self, *words):
        return json.loads(self.says(*words, "--format", "json"))


def text(said):
    """Text of the program in running Markdown: signs that Markdown would take for its own stay as they are, code in backquotes stays code."""
    parts = re.split(r"(`[^`]+`)", " ".join(str(said).split()))
    return "".join(part if part.startswith("`") else re.sub(r"([\\*_\[\]<>#|])", r"\\\1", part) for part in parts)


def cell(said):
    """The same in a cell of a table."""
    return text(said) if said else ""


def page(title, *parts):
    return "\n\n".join([MADE, f"# {title}", *[part for part in parts if part]]) + "\n"


def sentence(said):
    """A phrase as a sentence."""
    said = text(said)
    return said[:1].upper() + said[1:] + ("" if said.endswith(".") else ".")


def code(said, language="text"):
    fence = "~~~~" if "~~~" not in said else "~~~~~~"
    return f"{fence}{language}\n{said.rstrip()}\n{fence}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def linked(ids, address):
    return ", ".join(f"[`{one}`]({address}#{anchor(one)})" for one in ids)


def anchor(heading):
    return re.sub(r"[^a-z0-9_]+", "-", heading.lower()).strip("-")


def codebook(program):
    tables = program.json("record", "tables")["tables"]
    families = {}
    for one in tables:
        families.setdefault(one["family"] or "views", []).append(one)
    overview = table(
        ["table", "one row is"],
        [[f"[`{one['name']}`](#{anchor(one['name'])})", cell(one["rows"])] for of in families.values() for one in of],
    )
    parts = [
        "Every table and view that `comity query` and policies can read. `comity record tables NAME` and `comity query \"describe NAME\"` say the same in a "
        "terminal. A table is the *baseline's*; `every.NAME` has the rows of every source. Every table has `source` and `source_row`, which find a row in the published file. "
        "A null is *not known*, never zero.",
        overview,
    ]
    for family, of in families.items():
        for one in of:
            parts.append(f"## {one['name']}")
            parts.append(sentence(one["rows"]))
            rows = []
            for column in one["columns"]:
                kind = column["type"]
                if column["unit"] and column["unit"] not in (kind, "true or false"):
                    kind += f": {column['unit']}"
                meaning = cell(column["meaning"])
                if column["values"]:
                    meaning += "<br>" + "; ".join(f"`{value['value']}` {cell(value['meaning'])}" for value in column["values"])
                if column["other_values"]:
                    meaning += f"<br>{'others' if column['values'] else 'values'}: see {cell(column['other_values'])}"
                rows.append([f"`{column['name']}`", cell(kind), meaning])
            parts.append(table(["column", "type: unit", "meaning"], rows))
            facts = []
            if one["family"]:
                facts.append(f"Family: {text(one['family'])}")
            if one["key"]:
                facts.append("Key: " + ", ".join(f"`{name}`" for name in one["key"]))
            if one["made_from"]:
                facts.append("Made from: " + linked(one["made_from"], ""))
            if one["datasets"]:
                facts.append("Filled by: " + linked(one["datasets"], "datasets.md"))
            if one["in_record"]:
                facts.append("In the starter record: " + ", ".join(text(source) for source in one["in_record"]))
            parts.append("\n".join(f"* {fact}" for fact in facts))
            if one["example"]:
                parts.append(code(one["example"], "sql"))
    return page("Codebook", *parts)


def datasets(program):
    listed = program.json("record", "sources")["datasets"]
    parts = [
        f"The {len(listed)} datasets that can be read. They are recognised by their contents, whatever the files are called: CSV, Excel, R, Stata and Parquet, plain or packed. "
        "`comity record add FILES` adds them, `comity record fetch ID` downloads those that have a plain address. Most may not be redistributed: their licence is "
        "between you and the publisher.",
    ]
    for one in sorted(listed, key=lambda one: one["id"]):
        parts.append(f"## {one['id']}")
        parts.append(f"**{text(one['title'])}**. {text(one['publisher'])}. [Publisher's page]({one['url']}).")
        facts = [f"Versions: {', '.join(text(version) for version in one['versions'])}", f"Licence: {text(one['licence'])}"]
        answers = one["answers"] if isinstance(one["answers"], list) else [one["answers"]] if one["answers"] else []
        if answers:
            facts.append("Answers: " + linked(answers, "codebook.md"))
        if one["adds_rows_to"]:
            facts.append("Rows of: " + linked(one["adds_rows_to"], "codebook.md"))
        if one["downloads"]:
            facts.append(f"To get it: `comity record fetch {one['id']}`")
        if one["by_hand"]:
            facts.append("To get it by hand: " + text(one["by_hand"]))
        facts.append("Cite: " + text(one["citation"]))
        parts.append("\n".join(f"* {fact}" for fact in facts))
    return page("Datasets", *parts)


def acts(program):
    listed = program.json("acts")
    parts = [
        f"The {len(listed)} acts that `comity advise` and its packages know. `comity acts NAME` says the same in a terminal. Say when: `from 2026`, `in 2026`, `on 2026-03-01`, "
        "`from 2026 to 2030`. A policy document may add acts of its own in a block `acts`.",
    ]
    for one in listed:
        name = one["id"]
        said = program.says("acts", name).rstrip("\n").split("\n")
        parts.append(f"## {name}")
        parts.append(code("\n".join(said[1:]).strip("\n")))
    return page("Acts", *parts)


def unwrapped(program, *words):
    """The lines of an answer before it was wrapped. Whatever the width, a line begins where an item begins: what begins a line at every width
    is no continuation."""
    starts, kept = None, None
    for width in (61, 78, 101, 127, 160):
        lines = program.says(*words, width=width).rstrip("\n").split("\n")
        at, here = 0, {}
        for line in lines:
            here[at] = line
            at += len(line.split())
        starts = set(here) if starts is None else starts & set(here)
        kept = lines
    joined, at = [], 0
    for line in kept:
        if at in starts or not joined:
            joined.append(line)
        else:
            joined[-1] += " " + line.strip()
        at += len(line.split())
    return joined


def of_group(lines):
    """A group of columns: what it is, its choices, its columns of states and of pairs."""
    parts, rows, head = [], [], "choice"

    def close():
        if rows:
            parts.append(table([head, "meaning"], rows))
            rows.clear()

    for line in lines:
        title = re.fullmatch(r"  (of a (?:state|pair)):", line)
        named = re.match(r"    (\S+) +(\S.*)", line)
        if title:
            close()
            head = f"column {title[1]}"
        elif named:
            rows.append([f"`{named[1]}`", cell(named[2])])
        # The last line is about the record at hand, which is none of the group's.
        elif not re.match(r"  (in the record: |not in the record; )", line):
            close()
            parts.append(sentence(line))
    close()
    return parts


def covariates(program):
    said = program.says("panel", "groups")
    names = re.findall(r"^([a-z][a-z0-9-]*)$", said, re.MULTILINE)
    parts = [
        f"The {len(names)} groups of columns that `comity panel UNIT --with GROUP,…` adds. A group with choices takes one behind a colon: `disputes:gml`. Columns of a state get the numbers "
        "1 and 2 in rows of pairs. A zero is written only where a source covers the states and the year; else null. `comity panel groups GROUP` says the same in a terminal, with the years that your "
        "record covers.",
        "## verdicts\n\nThe verdicts of a policy, as `verdicts:independent-peace` or `verdicts:FILE`: for each commitment the verdict as text, and the same name with `_broken` as 1, 0 or null.",
    ]
    for name in names:
        parts.append(f"## {name}")
        parts.extend(of_group(unwrapped(program, "panel", "groups", name)[1:]))
    return page("Covariates of panels", *parts)


# Flags that nearly every measure has.
COMMON = {"--from <YEAR>", "--to <YEAR>", "--source <FAMILY=ID>", "-o, --output <FILE>", "--format <FORMAT>", "--cite"}


def measures(program):
    listed = program.says("measure", "list")
    parts = [
        "Every measure is a command (`comity measure NAME`) and, where it is of the register, a function of SQL. What follows is what `comity measure NAME --help` says. "
        "[Measures against published numbers](../measures.md) says how near they come.",
        "These flags are left out below: `--from`, `--to` (years), `--source` (which dataset answers), `--record`, `--output`, `--format`, and `--cite`, which prints the references.",
    ]
    for line in listed.split("\n"):
        if re.match(r"\S", line) and not line.startswith("`"):
            parts.append(f"## {line.strip()}")
        named = re.match(r"  ([a-z][a-z0-9-]*)  ", line)
        if named:
            parts.append(f"### {named[1]}")
            parts.extend(of_help(program, ["measure", named[1]], COMMON))
    return page("Measures", *parts)


def diagnostics(program):
    listed = program.says("policy", "explain", width=400)
    parts = ["What `comity policy check` and `comity policy test` say, and what to do. `comity policy explain CODE` says the same in a terminal."]
    for name in re.findall(r"^([a-z][a-z-]*)  ", listed, re.MULTILINE):
        said = program.says("policy", "explain", name).strip()
        inside, lines = "", []
        for line in said.split("\n"):
            fence = re.match(r"(`{3,}|~{3,})", line)
            if fence and (not inside or line.startswith(inside)):
                inside = "" if inside else fence[1]
            heading = not inside and re.match(r"(#+) (.*)", line)
            # The title of the page becomes a heading of the second level; those below it are no headings that a table of contents needs.
            lines.append((f"## {heading[2]}" if len(heading[1]) == 1 else f"**{heading[2]}**") if heading else line)
        parts.append("\n".join(lines))
    return page("Diagnostics", *parts)


def sections(said):
    """A help text by its headings: the text before the first, then (heading, lines)."""
    found = [("", [])]
    for line in said.rstrip().split("\n"):
        heading = re.match(r"(Usage|Arguments|Options|Commands|Examples|Begin with):( .*)?$", line)
        if heading:
            found.append((heading[1], [heading[2].strip()] if heading[2] else []))
        else:
            found[-1][1].append(line)
    return found


def described(lines):
    """Flags or commands with their texts in Markdown, however far they are set in."""
    found = []
    for line in lines:
        named = re.match(r" {2}(?: {4})?(\S.*?)(?: {2,}(\S.*))?$", line)
        if named and (line.startswith("      -") or not line.startswith("   ")):
            found.append([named[1], [named[2]] if named[2] else []])
        elif line.strip() and found:
            found[-1][1].append(line.strip())
    return [(name, "<br>".join(meaning(texts))) for name, texts in found]


def meaning(texts):
    """The lines of a flag's text: what it is for, the values that it takes, and which it has if none is given."""
    said = []
    for line in texts:
        value = re.match(r"- ([^:\s]+)(?::\s+(.*))?$", line)
        default = re.fullmatch(r"\[default: (.*)\]", line)
        if line == "Possible values:":
            continue
        if value:
            said.append(f"`{value[1]}`" + (f": {cell(value[2])}" if value[2] else ""))
        elif default:
            said.append(f"Without it: `{default[1]}`")
        else:
            said.append(cell(line))
    return said


def of_text(said):
    """The text before the flags: paragraphs, and headings with what is set in under them (of a measure: formula, unit, columns, …)."""
    parts = []
    for paragraph in said.strip().split("\n\n"):
        heading, *lines = paragraph.split("\n")
        lines = [line.strip() for line in lines]
        if not lines or not paragraph.split("\n")[1].startswith("  "):
            parts.append("\n".join(text(line) for line in paragraph.split("\n")))
        elif heading == "Columns":
            parts.append(table(["column", "meaning"], [[f"`{name}`", cell(said)] for name, said in (line.split(": ", 1) for line in lines)]))
        elif heading == "Formula":
            parts.append("**Formula**\n\n" + code("\n".join(lines)))
        elif heading == "In SQL":
            parts.append("**In SQL**\n\n" + code("\n".join(lines)))
        elif heading == "Tables":
            names = lines[0].split(", ") if len(lines) == 1 else []
            known = all(re.fullmatch(r"[a-z_]+", name) for name in names)
            parts.append("**Tables**: " + (linked(names, "codebook.md") if names and known else text(" ".join(lines))))
        elif heading == "References":
            parts.append("**References**\n\n" + "\n".join(f"* {text(line)}" for line in lines))
        else:
            parts.append(f"**{heading}**: " + " ".join(text(line) for line in lines))
    return parts


# Flags that stand at the top of a page instead of in each entry.
EVERYWHERE = {"--color <WHEN>", "--record <DIR>", "-h, --help", "-V, --version", "help"}


def of_help(program, words, left_out=frozenset()):
    """A help text as Markdown."""
    parts = []
    for heading, lines in sections(program.says(*words, "--help", width=10000)):
        if not heading:
            parts.extend(of_text("\n".join(lines)))
        elif heading == "Usage":
            parts.append(code("\n".join(line.strip() for line in lines if line.strip())))
        elif heading in ("Arguments", "Options", "Commands"):
            rows = [[f"`{name}`", said] for name, said in described(lines) if name not in EVERYWHERE | left_out]
            if rows:
                parts.append(table([{"Arguments": "argument", "Options": "flag", "Commands": "command"}[heading], "meaning"], rows))
        elif heading == "Examples":
            blank = next((at for at, line in enumerate(lines) if not line.strip()), len(lines))
            shown = "\n".join(line.removeprefix("  ") for line in lines[:blank])
            parts.append(code(shown, 'sh title="Not run here: examples of the help text"'))
            parts.extend(text(paragraph) for paragraph in "\n".join(lines[blank:]).strip().split("\n\n") if paragraph)
    return parts


def commands(program):
    with tempfile.TemporaryDirectory() as folder:
        program.says("man", "--dir", folder)
        known = {path.stem for path in Path(folder).iterdir()}

    def names(words):
        """The commands below these words, in the order in which help lists them."""
        listed = next((lines for heading, lines in sections(program.says(*words, "--help", width=10000)) if heading == "Commands"), [])
        found = [name for name, _ in described(listed) if "-".join(["comity", *words, name]) in known]
        return [[*words, name] for name in found]

    parts = [
        "What `comity COMMAND --help` says. `comity man COMMAND` is the manual page; `comity completions SHELL` what a shell completes. Commands end with 0 when they are "
        "done, with 1 on a verdict that `--fail-on` names or a test that failed, with 2 on an error.",
        "Two flags are left out below: `--color WHEN` (`auto`, `always`, `never`), and `--record DIR`, the folder of the record of every command that reads one (else the one that `COMITY_RECORD` names, "
        "else the one in your data folder, else the facts inside the program).",
    ]
    for words in names([]):
        if words == ["help"]:
            continue
        parts.append(f"## {' '.join(words)}")
        parts.extend(of_help(program, words))
        # Each measure has its own entry in Measures.
        for below in names(words) if words != ["measure"] else []:
            parts.append(f"### {' '.join(below)}")
            parts.extend(of_help(program, below))
    return page("Commands", *parts)


PAGES = {
    "acts": acts,
    "codebook": codebook,
    "commands": commands,
    "covariates": covariates,
    "datasets": datasets,
    "diagnostics": diagnostics,
    "measures": measures,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    program = Program(str(Path(arguments.program).resolve()))
    passed = failed = 0
    for name, make in PAGES.items():
        path = FOLDER / f"{name}.md"
        new = make(program)
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if not arguments.check:
            path.write_text(new, encoding="utf-8")
        elif new == old:
            passed += 1
        else:
            failed += 1
            changed = list(difflib.unified_diff(old.split("\n"), new.split("\n"), f"docs/reference/{name}.md", "what the program says", lineterm="", n=0))
            print("\n".join(changed[:40]), file=sys.stderr)
            print(f"docs/reference/{name}.md is not what the program says: run docs/tools/reference.py PROGRAM", file=sys.stderr)
    if arguments.check:
        print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
