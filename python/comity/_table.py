"""Tables: what the library's rows become in Python."""

from __future__ import annotations

import html
from typing import Any, Iterator


class Table:
    """Rows with a schema, and what stands behind them.

    It is an Arrow stream: ``polars.DataFrame(table)``, ``pyarrow.table(table)`` and ``duckdb.from_arrow(table)`` take it as it is, numbers
    without a copy. Null means not observed; it is never zero.

    >>> import comity
    >>> table = comity.query("select ccode, abbr, name from states where abbr in ('CHN', 'IND') order by ccode")
    >>> table
    ccode  abbr  name
    710    CHN   China
    750    IND   India
    [2 rows, 3 columns]
    >>> table.num_rows, table.columns
    (2, ['ccode', 'abbr', 'name'])
    """

    def __init__(self, rows: Any) -> None:
        self._rows = rows

    # -- shape

    @property
    def num_rows(self) -> int:
        """How many rows there are."""
        return self._rows.num_rows

    def __len__(self) -> int:
        return self.num_rows

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return self._rows.column_names

    @property
    def types(self) -> dict[str, str]:
        """The type of each column, as Arrow names it."""
        return dict(zip(self.columns, self._rows.types))

    # -- meaning

    @property
    def about(self) -> list[dict[str, Any]]:
        """What each column means: ``name``, ``label``, ``group``, ``unit``, ``values`` of codes, ``sources``, years ``covered``."""
        return self._rows.about()

    @property
    def labels(self) -> dict[str, str]:
        """What each column means, in a sentence."""
        return {entry["name"]: entry["label"] for entry in self.about}

    @property
    def sources(self) -> list[str]:
        """Ids of the sources that the rows rest on."""
        return self._rows.sources

    def cite(self, format: str = "text") -> str:
        """What to cite, as ``"text"`` or ``"bibtex"``."""
        return self._rows.cite(format)

    # -- handing over

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._rows.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> Any:
        return self._rows.__arrow_c_schema__()

    def to_arrow(self) -> Any:
        """A ``pyarrow.Table``. Each field has its label, its unit and the values of its codes as metadata."""
        return _module("pyarrow", "to_arrow").table(self)

    def to_polars(self) -> Any:
        """A ``polars.DataFrame``; numbers are not copied."""
        return _module("polars", "to_polars").DataFrame(self)

    def to_pandas(self, nullable: bool = True) -> Any:
        """A ``pandas.DataFrame``. Whole numbers with nulls stay whole (``Int64``), unless ``nullable`` is false: then they are floats with
        NaN. Labels are in ``frame.attrs["labels"]``."""
        pandas = _module("pandas", "to_pandas")
        arrow = _module("pyarrow", "to_pandas")
        whole = {
            arrow.int8(): pandas.Int8Dtype(),
            arrow.int16(): pandas.Int16Dtype(),
            arrow.int32(): pandas.Int32Dtype(),
            arrow.int64(): pandas.Int64Dtype(),
            arrow.bool_(): pandas.BooleanDtype(),
        }
        frame = self.to_arrow().to_pandas(types_mapper=whole.get if nullable else None)
        frame.attrs["labels"] = self.labels
        return frame

    # -- showing

    def __repr__(self) -> str:
        shown, names = self._rows.preview(10), self.columns
        most = 8
        names_shown = names[:most]
        cells = [[_cell(value) for value in row[:most]] for row in shown]
        widths = [max(len(name), *(len(row[at]) for row in cells), 0) if cells else len(name) for at, name in enumerate(names_shown)]
        lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip() for row in [names_shown, *cells]]
        if len(names) > most:
            lines.append(f"and {len(names) - most} more columns: {', '.join(names[most:])}")
        return "\n".join([*lines, self._shape()])

    def _shape(self) -> str:
        rows, columns = self.num_rows, len(self.columns)
        first = "the first 10 of " if rows > 10 else ""
        return f"[{first}{_plural(rows, 'row')}, {_plural(columns, 'column')}]"

    def _repr_html_(self) -> str:
        labels = self.labels
        head = "".join(f'<th title="{html.escape(labels.get(name, ""), quote=True)}">{html.escape(name)}</th>' for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(_cell(value))}</td>" for value in row) + "</tr>" for row in self._rows.preview(10)
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{html.escape(self._shape())}</p>"

    def rows(self) -> Iterator[dict[str, Any]]:
        """The rows one by one, as dictionaries; for small answers. Needs ``pyarrow``."""
        for batch in self.to_arrow().to_batches():
            yield from batch.to_pylist()


def _cell(value: str | None) -> str:
    return "" if value is None else value


def _plural(n: int, one: str) -> str:
    return f"{n} {one}" if n == 1 else f"{n} {one}s"


def _module(name: str, called: str) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError as missing:
        raise ImportError(f"{called}() needs the package {name}: pip install {name}") from missing
