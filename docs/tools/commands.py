#!/usr/bin/env python3
"""Runs the commands of the documentation and compares what they print with what the pages say.

    commands.py PROGRAM [--renew] [--python PYTHON] [PAGE…]

A block ```console has commands behind `$ ` (`> ` continues one), each followed by its output, standard error included. A line `...` stands
for any number of lines. The commands of a page run in one empty folder, in their order, on the facts that ship with the program. A block with
`title="NAME.csv"` (any name with a dot) is a file of that folder. A command that fails without saying so fails the page.

A block ```sh with a command of the program must have a title that begins with "Not run here". A command in running text must name
commands and flags that exist.

With --python, the examples behind `>>>` in blocks ```pycon run there, those of a page in one process; without it they are skipped.
--renew writes what is printed into the pages. The last line says how many passed."""

import argparse
import difflib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,})(?P<info>[^`]*)$")
TITLE = re.compile(r'title="([^"]*)"')
SECONDS = 120


class Block:
    """A fenced block: its language, title, lines, and where those stand in the page."""

    def __init__(self, info, indent, start):
        self.language = info.split()[0] if info.split() else ""
        self.title = (TITLE.search(info) or [None, None])[1]
        self.indent, self.start, self.lines = indent, start, []


def blocks(text):
    """The fenced blocks of a page, and the page without them."""
    found, rest, inside, closing = [], [], None, ""
    for number, line in enumerate(text.split("\n")):
        fence = FENCE.match(line)
        if inside is None and fence:
            inside = Block(fence["info"], fence["indent"], number + 1)
            closing = fence["fence"]
        elif inside is not None and fence and fence["fence"].startswith(closing) and not fence["info"].strip():
            found.append(inside)
            inside = None
        elif inside is not None:
            inside.lines.append(line.removeprefix(inside.indent))
        else:
            rest.append(line)
    if inside is not None:
        raise ValueError(f"a fence that is opened in line {inside.start} is never closed")
    return found, "\n".join(rest)


def steps(block):
    """Commands with their expected output: (command, lines, first line of output, line behind it)."""
    found = []
    for offset, line in enumerate(block.lines):
        if line.startswith("$ "):
            found.append([line[2:], [], offset + 1])
        elif found and line.startswith("> ") and not found[-1][1]:
            found[-1][0] += "\n" + line[2:]
            found[-1][2] = offset + 1
        elif found:
            found[-1][1].append(line)
        else:
            raise ValueError("a block begins with `$ `")
    return found


def matches(expected, printed):
    """Whether lines are as expected, where `...` stands for any number of lines and `[..]` for anything in a line."""
    if not expected:
        return not printed
    if expected[0].strip() == "...":
        return any(matches(expected[1:], printed[skipped:]) for skipped in range(len(printed) + 1))
    if not printed:
        return False
    pattern = ".*".join(re.escape(part) for part in expected[0].rstrip().split("[..]"))
    return re.fullmatch(pattern, printed[0].rstrip()) is not None and matches(expected[1:], printed[1:])


def trimmed(lines):
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


class Run:
    def __init__(self, arguments):
        self.arguments = arguments
        self.passed = self.failed = self.skipped = 0
        self.helps = {}

    def fail(self, page, line, what):
        self.failed += 1
        print(f"{page.relative_to(DOCS.parent)}:{line}: {what}", file=sys.stderr)

    def environment(self, folder):
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("COMITY", "XDG_"))}
        path = f"{folder / '.bin'}{os.pathsep}{keep.get('PATH', '')}"
        keep.update(PATH=path, HOME=str(folder / ".home"), NO_COLOR="1", LC_ALL="C.UTF-8", COLUMNS="88", TERM="dumb")
        return keep

    def page(self, page):
        text = page.read_text(encoding="utf-8")
        try:
            found, prose = blocks(text)
        except ValueError as error:
            self.fail(page, 1, str(error))
            return
        for block in found:
            speaks = any(re.match(r"(\$ )?comity\b", line) for line in block.lines)
            unsaid = not (block.title or "").startswith("Not run here")
            if block.language in ("", "sh", "bash", "shell") and speaks and unsaid:
                self.fail(page, block.start, 'commands that do not run here need the title "Not run here: …"')
        self.inline(page, prose)
        consoles = [b for b in found if b.language == "console"]
        if consoles:
            lines = text.split("\n")
            with tempfile.TemporaryDirectory() as folder:
                folder = Path(folder)
                (folder / ".bin").mkdir()
                (folder / ".home").mkdir()
                (folder / ".bin" / "comity").symlink_to(self.arguments.program)
                work = folder / "work"
                work.mkdir()
                shift = 0
                for block in found:
                    if block.title and re.fullmatch(r"[\w-]+\.\w+", block.title) and block.language != "console":
                        (work / block.title).write_text("\n".join(block.lines) + "\n", encoding="utf-8")
                    elif block.language == "console":
                        shift += self.console(page, block, folder, work, lines, shift)
            if self.arguments.renew and "\n".join(lines) != text:
                page.write_text("\n".join(lines), encoding="utf-8")
        self.python(page, [b for b in found if b.language == "pycon"])

    def console(self, page, block, folder, work, lines, shift):
        """Runs the commands of a block; says by how many lines it became longer."""
        grown = 0
        try:
            taken = steps(block)
        except ValueError as error:
            self.fail(page, block.start, str(error))
            return grown
        for command, expected, offset in taken:
            line = block.start + offset
            try:
                done = subprocess.run(
                    ["bash", "-c", command], cwd=work, env=self.environment(folder), stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS, check=False,
                )
            except subprocess.TimeoutExpired:
                self.fail(page, line, f"`{command}` takes more than {SECONDS} s")
                continue
            printed = trimmed(done.stdout.decode(errors="replace").rstrip("\n").split("\n"))
            # A text that is wrapped may end a line with a space, which editors take away.
            printed = [one.rstrip() for one in printed]
            if done.returncode != 0:
                shown = "\n".join(printed[:20])
                self.fail(page, line, f"`{command}` ends with {done.returncode}; show it with `; echo $?`\n{shown}")
            elif matches(trimmed(expected), printed):
                self.passed += 1
            elif self.arguments.renew:
                self.passed += 1
                tail = [] if len(trimmed(expected)) == len(expected) else [""]
                new = [(block.indent + one).rstrip() for one in printed] + tail
                first = block.start + offset + shift + grown
                lines[first : first + len(expected)] = new
                grown += len(new) - len(expected)
            else:
                changed = list(difflib.unified_diff(trimmed(expected), printed, "the page", "the program", lineterm="", n=1))
                shown = "\n".join(f"  {one}" for one in changed[:40])
                self.fail(page, line, f"`{command}` prints something else:\n{shown}")
        return grown

    def help(self, words):
        key = tuple(words)
        if key not in self.helps:
            done = subprocess.run([self.arguments.program, *words, "--help"], capture_output=True, text=True, check=False)
            self.helps[key] = done.stdout if done.returncode == 0 else None
        return self.helps[key]

    def inline(self, page, prose):
        """Commands in running text: they and their flags must exist."""
        for code in re.findall(r"(?<!`)`comity ([^`]+)`(?!`)", prose):
            # A line break inside a command is a space; `…` and capitals stand for something.
            code = " ".join(code.split())
            try:
                words = shlex.split(code.split(" | ")[0].split(" > ")[0])
            except ValueError:
                words = code.split()
            depth, known = 0, self.help([])
            while depth < len(words) and re.fullmatch(r"[a-z][a-z-]*", words[depth]):
                deeper = self.help(words[: depth + 1])
                if deeper is None or deeper == known:
                    break
                depth, known = depth + 1, deeper
            line = prose.count("\n", 0, prose.find(code.split(" ")[0])) + 1
            if depth == 0 and not words[0].startswith(("-", "COMMAND", ".")) and words[0] != "help":
                self.fail(page, line, f"there is no command `comity {words[0]}`")
                continue
            missing = [w for w in words[depth:] if re.match(r"--?[a-z]", w)]
            missing = [w.split("=")[0] for w in missing]
            missing = [w for w in missing if not re.search(rf"(?<![\w-]){re.escape(w)}(?![\w-])", known)]
            if missing:
                self.fail(page, line, f"`comity {code}`: `comity {' '.join(words[:depth])}` has no {', '.join(missing)}")
            else:
                self.passed += 1

    def python(self, page, found):
        if not found:
            return
        if not self.arguments.python:
            self.skipped += sum(line.startswith(">>> ") for block in found for line in block.lines)
            return
        source = "\n\n".join("\n".join(block.lines) for block in found)
        script = (
            "import doctest, sys\n"
            "flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE\n"
            "test = doctest.DocTestParser().get_doctest(sys.stdin.read(), {}, sys.argv[1], sys.argv[1], 0)\n"
            "runner = doctest.DocTestRunner(optionflags=flags)\n"
            "failed, tried = runner.run(test)\n"
            "print(tried - failed, failed)\n"
        )
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            (folder / ".home").mkdir()
            done = subprocess.run(
                [self.arguments.python, "-c", script, page.name], input=source, cwd=folder, env=self.environment(folder),
                capture_output=True, text=True, timeout=10 * SECONDS, check=False,
            )
        last = done.stdout.rstrip().rsplit("\n", 1)[-1].split()
        if done.returncode != 0 or len(last) != 2:
            self.fail(page, 1, done.stderr or done.stdout)
            return
        self.passed += int(last[0])
        if int(last[1]):
            self.failed += int(last[1]) - 1
            self.fail(page, 1, done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("pages", nargs="*", type=Path)
    parser.add_argument("--renew", action="store_true")
    parser.add_argument("--python")
    arguments = parser.parse_intermixed_args()
    program = shutil.which(arguments.program)
    if program is None:
        raise SystemExit(f"there is no program {arguments.program}")
    arguments.program = str(Path(program).resolve())
    if arguments.python:
        # Not resolved: an environment's Python is a link, and knows its packages by the place of the link.
        arguments.python = str(Path(shutil.which(arguments.python) or arguments.python).absolute())
    run = Run(arguments)
    for page in sorted(arguments.pages) or sorted(DOCS.rglob("*.md")):
        run.page(page.resolve())
    print(f"{run.passed} passed, {run.failed} failed" + (f", {run.skipped} skipped" if run.skipped else ""))
    sys.exit(1 if run.failed else 0)


if __name__ == "__main__":
    main()
