"""How the commands of the program are run through this module, here and in child processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from . import _native
from .errors import Error

# A child process of the library is this interpreter again, with the commands of this module.
_native.set_program(sys.executable or "python3", ["-I", "-m", "comity"] if sys.flags.isolated else ["-m", "comity"], _native.__file__)


def main(args: list[str] | None = None) -> int:
    """Runs a command as the program ``comity`` does; the exit code: 0 done, 1 a verdict that was named, 2 an error."""
    # The program handles interrupts itself: the interpreter's way would wait for the end of the command.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _native.run(["comity", *(sys.argv[1:] if args is None else args)])


def command(args: list[str]) -> str:
    """Runs a command in a process of its own and gives what it printed.

    A process can be stopped whole: an interrupt, or the end of this interpreter, leaves a record as it was before or as it is after.
    """
    environment = {**os.environ, "NO_COLOR": "1"}
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    known = environment.get("PYTHONPATH")
    environment["PYTHONPATH"] = folder + (os.pathsep + known if known else "")
    words = [sys.executable, "-m", "comity", *args]
    with subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True, encoding="utf-8"
    ) as child:
        try:
            said, trouble = child.communicate()
        except BaseException:
            child.terminate()
            raise
    if child.returncode == 2:
        raise _error(trouble)
    return said


def _error(text: str) -> Error:
    """The error that a command printed."""
    message, helps = [], []
    for line in text.strip().splitlines():
        bare = line.strip()
        if bare.startswith("help: "):
            helps.append(bare.removeprefix("help: "))
        elif bare.startswith("error: "):
            message = [bare.removeprefix("error: ")]
        elif helps and line.startswith(" "):
            helps[-1] += f"\n{bare}"
        elif bare and not bare.startswith("note: "):
            message.append(bare)
    return Error("\n".join(message) or "the command ended without a word", helps)
