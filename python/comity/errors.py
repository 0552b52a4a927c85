"""What can go wrong, as exceptions."""

from __future__ import annotations


class Error(ValueError):
    """Something could not be done: what, where, and the way out.

    >>> import comity
    >>> try:
    ...     comity.audit("Swizerland")
    ... except comity.Error as error:
    ...     print(error.message)
    ...     print(error.help[0])
    no state is known as `Swizerland`
    did you mean CHE (Switzerland) or SWA (Swaziland) or IRE (Ireland)?
    """

    #: What is wrong, with the value.
    message: str
    #: What to do about it, one suggestion each.
    help: list[str]
    #: The file it is in, where it has one.
    file: str | None
    #: The line from 1, where it is in a text.
    line: int | None
    #: The column from 1, in characters.
    column: int | None

    def __init__(
        self,
        message: str,
        help: list[str] | None = None,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.help = list(help or [])
        self.file = file
        self.line = line
        self.column = column

    def __str__(self) -> str:
        place = ""
        if self.line is not None:
            place = f"{self.file or 'line'}:{self.line}:{self.column}: " if self.file else f"line {self.line}: "
        helps = "".join(f"\nhelp: {help}" for help in self.help)
        return f"{place}{self.message}{helps}"

    def __reduce__(self):
        return (type(self), (self.message, self.help, self.file, self.line, self.column))
