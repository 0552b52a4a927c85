from os import PathLike
from typing import Any, Callable, final

__all__ = [
    "Audit",
    "Document",
    "Record",
    "Rows",
    "__version__",
    "explain",
    "measures",
    "policies",
    "run",
    "set_program",
]


__version__: str

@final
class Rows:
    num_rows: int
    column_names: list[str]
    types: list[str]
    sources: list[str]
    def about(self) -> list[dict[str, Any]]: ...
    def cite(self, format: str = "text") -> str: ...
    def preview(self, rows: int) -> list[list[str | None]]: ...
    def addresses(self, column: str) -> list[tuple[int, int]]: ...
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...
    def __arrow_c_schema__(self) -> Any: ...

@final
class Audit:
    answers: list[str]
    sentences: list[tuple[int, str, str]]
    def text(self, width: int = 100, evidence: bool = False) -> str: ...
    def write(self, form: str, evidence: bool = True) -> str: ...
    def cite(self, format: str = "text") -> str: ...

@final
class Document:
    text: str
    json: str
    html: str | None

@final
class Record:
    folder: str | None
    @staticmethod
    def open(folder: str | None = None) -> Record: ...
    @staticmethod
    def starter() -> Record: ...
    def fingerprint(self) -> str: ...
    def sources(self) -> list[dict[str, str]]: ...
    def datasets(self) -> list[dict[str, str]]: ...
    def tables(self) -> list[tuple[str, str]]: ...
    def cite(self, sources: list[str] = ..., format: str = "text") -> str: ...
    def states(self, find: str | None = None, year: int | None = None) -> list[tuple[int, str, str, str]]: ...
    def audit(self, states: list[str], asked: dict[str, Any], progress: Callable[[int, int], None] | None = None) -> Audit: ...
    def why(
        self,
        state: str,
        commitment: str,
        year: int | None,
        asked: dict[str, Any],
        full: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> Document: ...
    def verdicts(
        self,
        kind: str,
        states: list[str],
        wanted: list[str],
        asked: dict[str, Any],
        progress: Callable[[int, int], None] | None = None,
    ) -> Rows: ...
    def panel(self, request: dict[str, Any], joined: list[str] = ..., narrow: bool = False) -> Rows: ...
    def query(self, sql: str, policy: str, limit: int, memory: int, seconds: int) -> Rows: ...
    def measure(self, name: str, given: list[tuple[str, str]]) -> Rows: ...
    def advise(
        self,
        state: str,
        acts: list[str],
        policy: str,
        package: tuple[str, str] | None,
        to: int | None,
        find: bool,
        precedents: int,
        full: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> Document: ...
    def whatif(
        self,
        states: list[str],
        policy: str,
        without: list[str],
        set: list[str],
        to: int | None,
        full: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> Document: ...

def set_program(path: str | PathLike[str], words: list[str], build: str | PathLike[str]) -> None: ...
def run(args: list[str]) -> int: ...
def policies() -> list[tuple[str, str]]: ...
def measures() -> list[tuple[str, str]]: ...
def explain(name: str) -> str: ...
