#!/usr/bin/env python3
"""What can be tested of the Stata command without Stata: stata/test.py PROGRAM

The examples of the help file are turned into command lines by the rules that stand in comity.ado (its lists of flags are read from there), and
run; what they load must be a file that says what it should. Every option must be a flag of the program. The last line says how many passed.
"""
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
ADO = (HERE / "comity.ado").read_text()
HELP = (HERE / "comity.sthlp").read_text()
LOADED = {"panel", "query", "verdicts", "measure"}
WORDS = {"groups": ["panel", "groups"], "cite": ["record", "cite"]}
# Options whose names lose a hyphen in Stata.
HYPHENS = {"extendto": "extend-to", "asof": "as-of"}
# Options of the command itself.
OWN = {"clear", "xtset"}


def body(command):
    """The lines of the Stata program of a command."""
    return re.search(rf"^program define comity_{command}\n(.*?)^end$", ADO, re.M | re.S).group(1)


def options(command):
    """The options of a command: name, and whether it takes a value."""
    syntax = re.search(r"syntax (.*?)\]\n", body(command).replace("///\n", " "), re.S)
    inside = syntax.group(1).rsplit("[,", 1)[1]
    found = {}
    for name, value in re.findall(r"([A-Za-z]+)(\(string\))?", inside):
        found[name.lower()] = bool(value)
    return found


def lists(command):
    """Options whose words are joined by commas, and those that are said several times."""
    text = body(command)
    comma, several = set(), set()
    for names, block in re.findall(r"foreach flag in ([a-z ]+) \{\n(.*?)\n    \}", text, re.S):
        if "subinstr" in block:
            comma |= set(names.split())
        if "parse(\";\")" in block:
            several |= set(names.split())
    comma |= set(re.findall(r"local value : subinstr local ([a-z]+) ", text)) - {"flag"}
    return comma, several


def line(example):
    """The arguments that an example gives the program, and what goes to its standard input."""
    example = example.removeprefix("comity ")
    command, rest = re.match(r"([a-z]+)(.*)", example, re.S).groups()
    question = None
    if command == "query":
        question, rest = re.match(r' "(.*)"(.*)', rest, re.S).groups()
    words, _, given = rest.partition(",")
    known = options(command)
    comma, several = lists(command)
    args = [*WORDS.get(command, [command]), *words.split()]
    for name, value in re.findall(r"([a-z]+)(?:\(((?:[^()]|\([^()]*\))*)\))?", given):
        assert name in known, f"{command} has no option {name}"
        if name in OWN:
            continue
        flag = "--" + HYPHENS.get(name, name)
        if not known[name]:
            args.append(flag)
        elif name in comma:
            args.append(f"{flag}={','.join(value.split())}")
        elif name in several:
            args += [f"{flag}={part.strip()}" for part in value.split(";")]
        else:
            args.append(f"{flag}={value}")
    return command, args, question


def loaded(file, command, example):
    """A file of Stata that is whole: its map ends where it ends, and it says what a table must."""
    data = pathlib.Path(file).read_bytes()
    assert data.startswith(b"<stata_dta><header><release>118</release>"), "no file of Stata"
    at = data.index(b"<map>") + 5
    places = struct.unpack("<14Q", data[at : at + 112])
    assert places[13] == len(data), "the map ends elsewhere"
    marks = [b"<stata_dta>", b"<map>", b"<variable_types>", b"<varnames>", b"<sortlist>", b"<formats>", b"<value_label_names>",
             b"<variable_labels>", b"<characteristics>", b"<data>", b"<strls>", b"<value_labels>", b"</stata_dta>"]
    for place, mark in zip(places, marks):
        assert data[place : place + len(mark)] == mark, f"{mark!r} is not where the map says"
    said = data[places[8] : places[9]]
    assert b"Made by comity" in said, "no note says how it was made"
    if "xtset" in example:
        assert b"comity_unit" in said and b"comity_time" in said, "nothing says how the panel is declared"
    if command == "panel":
        assert data[places[7] : places[8]].strip(b"\0") != b"<variable_labels></variable_labels>", "no labels"


def main(program):
    passed, failed = 0, 0

    def check(name, test):
        nonlocal passed, failed
        try:
            test()
            passed += 1
        except AssertionError as error:
            failed += 1
            print(f"{name}: {error}", file=sys.stderr)

    commands = re.search(r'inlist\("`command\'", (.*?)\)', ADO).group(1)
    for command in re.findall(r'"([a-z]+)"', commands):
        def flags(command=command):
            of = WORDS.get(command, [command])
            if command == "measure":
                of = ["measure", "s-score"]
            said = subprocess.run([program, *of, "--help"], capture_output=True, text=True, check=True).stdout
            for name in options(command).keys() - OWN:
                flag = "--" + HYPHENS.get(name, name)
                assert re.search(rf"{flag}\b", said), f"the program has no flag {flag}"
        check(f"options of {command}", flags)

    examples = [e.removesuffix("{p_end}") for e in re.findall(r"\{cmd:\. (comity .*)\}\{p_end\}", HELP)]
    for example in examples:
        def run(example=example):
            command, args, question = line(example)
            with tempfile.TemporaryDirectory() as folder:
                file = f"{folder}/table.dta"
                out = [f"--output={file}"] if command in LOADED else []
                done = subprocess.run([program, *args, *out], capture_output=True, text=True, input=question)
                assert done.returncode == 0, f"{args}: {done.stderr}"
                if out:
                    loaded(file, command, example)
                else:
                    assert done.stdout.strip(), "nothing is shown"
        check(example, run)
    # Quotes, which are where a file of Stata is most easily broken: as many are opened as closed.
    check("quotes", lambda: balanced(ADO))
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


def balanced(text):
    for number, code in enumerate(text.splitlines(), 1):
        if code.lstrip().startswith("*"):
            continue
        assert code.count('`"') == code.count("\"'"), f"line {number}: compound quotes: {code}"
        assert code.count("{") == code.count("}") or code.rstrip().endswith("{") or code.strip().startswith("}"), f"line {number}: {code}"
    assert text.count("program define") == len(re.findall(r"^end$", text, re.M)), "a program has no end"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
