"""Records of facts.

A record is a folder of published datasets with the facts inside the package beside them. The functions of this module are about the default
record: the folder that ``COMITY_RECORD`` names, else the one in your data folder, else the facts inside the package alone.

>>> import comity
>>> record = comity.Record.starter()
>>> len(record.sources()) > 5
True
>>> record.audit("IND", to=1970).commitments[0]
'no-great-power-alliance'
"""

from __future__ import annotations

import os
from typing import Any, Callable, Iterable, Mapping

from . import _native
from ._documents import Answer, Audit
from ._program import command
from ._progress import watched
from ._table import Table
from .errors import Error

Path = "str | os.PathLike[str]"
Names = "str | int | Iterable[str | int] | None"


def _words(given: Any) -> list[str]:
    """One name or several, as texts."""
    if given is None:
        return []
    if isinstance(given, (str, int)):
        return [str(given)]
    return [str(one) for one in given]


def _years(years: Any) -> str | None:
    """``1950``, ``"1950-2000"`` or ``(1950, 2000)``."""
    if years is None or isinstance(years, str):
        return years
    if isinstance(years, int):
        return str(years)
    if isinstance(years, range):
        return f"{years[0]}-{years[-1]}"
    first, last = years
    return f"{first}-{last}"


class Record:
    """A record, opened.

    >>> import comity
    >>> comity.Record("no/such/folder")
    Traceback (most recent call last):
        ...
    comity.errors.Error: no/such/folder holds no record...
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        self._native = _native.Record.open(None if folder is None else os.fspath(folder))

    @classmethod
    def starter(cls) -> "Record":
        """The facts inside the package alone."""
        record = cls.__new__(cls)
        record._native = _native.Record.starter()
        return record

    # -- audits

    def audit(
        self,
        states: str | int | Iterable[str | int] | None = None,
        policy: str | os.PathLike[str] = "independent-peace",
        *,
        from_: int | None = None,
        to: int | None = None,
        commitments: str | Iterable[str] | None = None,
        sources: Mapping[str, str] | None = None,
        without: Iterable[tuple[str, str]] = (),
        progress: Callable[[int, int], None] | bool | None = None,
    ) -> Audit:
        """What states did against what a policy says.

        ``states`` are codes or names; none: all states. ``policy`` is the id of one that ships, or a file. ``sources`` chooses who answers for
        a family of tables (``{"treaties": "atop-5.1"}``); ``without`` sets aside what is found between two states.

        >>> import comity
        >>> comity.audit("India", commitments="no-great-power-alliance").state("IND")["state"]["ccode"]
        750
        """
        bar = watched("evaluating", progress)
        try:
            asked = _asked(policy, from_, to, commitments, sources, without)
            return Audit(self._native.audit(_words(states), asked, bar))
        finally:
            _close(bar)

    def why(
        self,
        state: str | int,
        commitment: str,
        year: int | None = None,
        policy: str | os.PathLike[str] = "independent-peace",
        *,
        full: bool = False,
        sources: Mapping[str, str] | None = None,
        progress: Callable[[int, int], None] | bool | None = None,
    ) -> Answer:
        """One verdict explained, down to the rows; without a year the one in which it last changed. ``full`` shows every query."""
        bar = watched("evaluating", progress)
        try:
            asked = _asked(policy, None, None, None, sources, ())
            return Answer(self._native.why(str(state), commitment, year, asked, full, bar))
        finally:
            _close(bar)

    def verdicts(
        self,
        states: str | int | Iterable[str | int] | None = None,
        policy: str | os.PathLike[str] = "independent-peace",
        *,
        commitments: str | Iterable[str] | None = None,
        verdicts: str | Iterable[str] | None = None,
        from_: int | None = None,
        to: int | None = None,
        kind: str = "verdicts",
        sources: Mapping[str, str] | None = None,
        progress: Callable[[int, int], None] | bool | None = None,
    ) -> Table:
        """Verdicts as rows: one for each state, commitment and year.

        ``kind`` is ``"verdicts"``, ``"findings"`` (what was found, with its source), ``"latest"`` (the last year with one of the verdicts) or
        ``"counts"``.

        >>> import comity
        >>> comity.verdicts("CHN", commitments="no-great-power-alliance", verdicts="broken", to=1951).columns[:4]
        ['ccode', 'stateabb', 'state', 'year']
        """
        bar = watched("evaluating", progress)
        try:
            asked = _asked(policy, from_, to, commitments, sources, ())
            return Table(self._native.verdicts(kind, _words(states), _words(verdicts), asked, bar))
        finally:
            _close(bar)

    # -- tables

    def panel(
        self,
        unit: str,
        with_: str | Iterable[str] = (),
        *,
        years: Any = None,
        states: str | int | Iterable[str | int] | None = None,
        directed: bool = False,
        system: str = "cow",
        extend_to: int | None = None,
        columns: str | Iterable[str] = (),
        add: str | Iterable[str] = (),
        where: str | Iterable[str] = (),
        join: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = (),
        rules: Iterable[str] | None = None,
        gaps: str | None = None,
        k: int | None = None,
        narrow: bool = False,
    ) -> Table:
        """A research table: ``"state-years"``, ``"dyad-years"``, ``"dyad-months"``, ``"leader-years"``, … with groups of columns.

        ``with_`` names groups (``"nmc"``, ``"disputes:cow"``, ``"verdicts:independent-peace"``; ``comity panel groups`` lists them), ``years`` is
        a year, a pair or ``"1950-2000"``, ``where`` keeps rows (``"conttype=1"``), ``add`` makes columns from columns (``"lag(cinc1,1)"``),
        ``join`` are files of your own. The types are those of the program's files: whole numbers in 64 bits. ``narrow`` keeps the smallest
        types, which hold every value but not every product of them.

        >>> import comity
        >>> comity.panel("state-years", ["majors"], years=(1950, 1950), states=["CHN", "USA"])
        ccode  cw_name        year  cowmaj
        2      United States  1950  1
        710    China          1950  1
        [2 rows, 4 columns]
        """
        files = [join] if isinstance(join, (str, os.PathLike)) else list(join)
        asked = {
            "unit": unit,
            "system": system,
            "directed": directed,
            "years": _years(years),
            "extend_to": extend_to,
            "states": _words(states),
            "k": k,
            "with": _words(with_),
            "columns": _words(columns),
            "add": _words(add),
            "keep": _words(where),
            "rules": None if rules is None else list(rules),
            "gaps": gaps,
        }
        return Table(self._native.panel(asked, [os.fspath(file) for file in files], narrow))

    def query(
        self,
        sql: str,
        *,
        policy: str | os.PathLike[str] = "independent-peace",
        limit: int = 10_000_000,
        memory: int = 2 << 30,
        seconds: int = 600,
    ) -> Table:
        """The answer to one ``SELECT`` over the record's tables, views and table functions. ``verdicts`` and ``verdict_findings`` are those of
        ``policy``. A query that would need more rows, memory or time than its bounds is an error.

        >>> import comity
        >>> comity.query("select count(*) as n from vetoes where ccode = 365 and year = 1955").num_rows
        1
        """
        return Table(self._native.query(sql, os.fspath(policy), limit, memory, seconds))

    def measure(self, name: str, **given: Any) -> Table:
        """The rows of a measure, with its parameters by name. ``comity.explain(name)`` says what they are.

        >>> import comity
        >>> comity.measure("s_score", year=1960, states="USA,CHN")
        Traceback (most recent call last):
            ...
        comity.errors.Error: ...
        """
        return Table(self._native.measure(name, [(key, _given(value)) for key, value in given.items() if value is not None]))

    # -- advice

    def advise(
        self,
        state: str | int,
        *acts: str,
        policy: str | os.PathLike[str] = "independent-peace",
        package: str | os.PathLike[str] | None = None,
        to: int | None = None,
        find: bool = False,
        precedents: int = 10,
        full: bool = False,
        progress: Callable[[int, int], None] | bool | None = None,
    ) -> Answer:
        """What acts would move in a policy, before they are taken. Nothing is written.

        >>> import comity
        >>> said = comity.advise("CHN", "defense pact with RUS from 2026", precedents=0)
        >>> said.data["answer"]
        'objections'
        """
        read = None
        if package is not None:
            with open(package, encoding="utf-8") as file:
                read = (file.read(), os.fspath(package))
        bar = watched("evaluating", progress)
        try:
            return Answer(
                self._native.advise(str(state), list(acts), os.fspath(policy), read, to, find, precedents, full, bar)
            )
        finally:
            _close(bar)

    def whatif(
        self,
        states: str | int | Iterable[str | int],
        *,
        remove: str | Iterable[str] = (),
        set: str | Iterable[str] = (),
        policy: str | os.PathLike[str] = "independent-peace",
        to: int | None = None,
        full: bool = False,
        progress: Callable[[int, int], None] | bool | None = None,
    ) -> Answer:
        """What would move if facts were otherwise: ``remove="pledges where ccode = 710 and partner = 365"``."""
        bar = watched("evaluating", progress)
        try:
            return Answer(
                self._native.whatif(_words(states), os.fspath(policy), _words(remove), _words(set), to, full, bar)
            )
        finally:
            _close(bar)

    # -- the record itself

    @property
    def folder(self) -> str | None:
        """The folder that was named; none: the default record."""
        folder = self._native.folder
        return None if folder is None else os.fspath(folder)

    def fingerprint(self) -> str:
        """SHA-256 over everything the record says."""
        return self._native.fingerprint()

    def sources(self) -> list[dict[str, str]]:
        """The sources in the record, with version, licence, coverage and citation."""
        return self._native.sources()

    def datasets(self) -> list[dict[str, str]]:
        """Every dataset that can be read: whether it is here (``present``), and how to get it (``get``)."""
        return self._native.datasets()

    def tables(self) -> dict[str, str]:
        """The tables and views that can be queried, and what a row of each is."""
        return dict(self._native.tables())

    def describe(self, table: str) -> Table:
        """The columns of a table: type, unit, meaning, values."""
        return self.query(f"describe {table}")

    def states(self, find: str | None = None, year: int | None = None) -> list[dict[str, Any]]:
        """States by code or name, with their codes and years.

        >>> import comity
        >>> comity.states("West Germany")
        [{'ccode': 260, 'abbr': 'GFR', 'name': 'West Germany', 'choice': 'GFR 260 West Germany, 1955–1990'}]
        """
        keys = ("ccode", "abbr", "name", "choice")
        return [dict(zip(keys, entry)) for entry in self._native.states(find, year)]

    def cite(self, sources: str | Iterable[str] = (), format: str = "text") -> str:
        """What to cite of these sources, or of all, as ``"text"`` or ``"bibtex"``."""
        return self._native.cite(_words(sources), format)

    def coverage(self, state: str | int | None = None) -> str:
        """To which year each commitment is answered, as text."""
        return command(["record", "coverage", *_words(state), *self._place()])

    def _place(self) -> list[str]:
        return [] if self.folder is None else ["--record", self.folder]

    def __repr__(self) -> str:
        return f"<comity.Record {self.folder or 'default'}: {len(self.sources())} sources>"


def add(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    record: str | os.PathLike[str] | None = None,
    dry_run: bool = False,
    loose: bool = False,
    part: bool = False,
    as_: str | None = None,
    coverage: Any = None,
    title: str | None = None,
    cite: str | None = None,
) -> str:
    """Adds published datasets to a record, recognised by their contents; what was done, as text.

    It runs in a process of its own. An interrupt, or a kernel that is restarted in the middle, leaves the record as it was before or as it is
    after, never between. ``as_`` adds a table of your own in the columns of a canonical table, complete in the years of ``coverage``.
    """
    files = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    args = ["record", "add", *(os.path.expanduser(os.fspath(file)) for file in files)]
    for flag, wanted in [("--dry-run", dry_run), ("--loose", loose), ("--part", part)]:
        args.extend([flag] if wanted else [])
    for flag, value in [("--record", record), ("--as", as_), ("--coverage", _years(coverage)), ("--title", title), ("--cite", cite)]:
        args.extend([] if value is None else [flag, os.fspath(value)])
    said = command(args)
    if not dry_run:
        forget()
    return said


_default: Record | None = None


def default() -> Record:
    """The default record, opened when it is first needed."""
    global _default
    if _default is None:
        _default = Record()
    return _default


def forget() -> None:
    """Lets the default record be opened anew when it is next needed: after something else than :func:`add` has changed it."""
    global _default
    _default = None


def sources() -> list[dict[str, str]]:
    """The sources in the default record."""
    return default().sources()


def datasets() -> list[dict[str, str]]:
    """Every dataset that can be read."""
    return default().datasets()


def tables() -> dict[str, str]:
    """The tables and views of the default record."""
    return default().tables()


def describe(table: str) -> Table:
    """The columns of a table."""
    return default().describe(table)


def cite(sources: str | Iterable[str] = (), format: str = "text") -> str:
    """What to cite of these sources, or of all."""
    return default().cite(sources, format)


def coverage(state: str | int | None = None) -> str:
    """To which year each commitment is answered."""
    return default().coverage(state)


def fingerprint() -> str:
    """SHA-256 over everything the default record says."""
    return default().fingerprint()


def _asked(policy, from_, to, commitments, sources, without) -> dict[str, Any]:
    if from_ is not None and to is not None and from_ > to:
        raise Error(f"the years run backwards: from_={from_}, to={to}", [f"did you mean from_={to}, to={from_}?"])
    return {
        "policy": os.fspath(policy),
        "from": from_,
        "to": to,
        "commitments": _words(commitments),
        "sources": [f"{family}={id}" for family, id in (sources or {}).items()],
        "without": [(str(a), str(b)) for a, b in without],
    }


def _given(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(str(one) for one in value)
    if isinstance(value, range):
        return f"{value[0]}-{value[-1]}"
    return str(value)


def _close(bar: Any) -> None:
    close = getattr(bar, "close", None)
    if close is not None:
        close()
