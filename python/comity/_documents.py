"""Answers that are read: audits, reasons and advice."""

from __future__ import annotations

import html
import json
from typing import Any

#: The colours of verdicts, those of the program's pages.
COLOURS = {
    "kept": "#3f7fa8",
    "strained": "#d08a1d",
    "broken": "#9c2a1c",
    "contested": "#7b4fa0",
    "unknown": "#d6d3cc",
    "no-occasion": "#f2f0ea",
    "not-applicable": "#ffffff",
}


class Audit:
    """What some states did against what a policy says.

    >>> import comity
    >>> audit = comity.audit("CHN", commitments=["no-great-power-alliance"], to=1960)
    >>> audit.state("CHN")["commitments"][0]["verdicts"][6]["verdict"]
    'broken'
    >>> audit["no-great-power-alliance"]
    'broken in 12 of 12 years known, last in 1960'
    """

    def __init__(self, native: Any) -> None:
        self._native = native
        self._data: dict[str, Any] | None = None

    @property
    def answer(self) -> str:
        """The answer in a sentence or two, for each state."""
        return "\n".join(self._native.answers)

    @property
    def data(self) -> dict[str, Any]:
        """Everything, as the program's JSON has it."""
        if self._data is None:
            self._data = json.loads(self._native.write("json", True))
        return self._data

    def state(self, code: str | int) -> dict[str, Any]:
        """The audit of one state, by ``ccode`` or abbreviation, as a dictionary."""
        for audit in self.data["audits"]:
            if code in (audit["state"]["ccode"], audit["state"]["abbr"], audit["state"]["handle"], audit["state"]["name"]):
                return audit
        raise KeyError(code)

    def __getitem__(self, commitment: str) -> str:
        """What is said of one commitment, in a sentence; of several states a line each."""
        said = [text for _, id, text in self._native.sentences if id == commitment]
        if not said:
            raise KeyError(commitment)
        return "\n".join(said)

    @property
    def commitments(self) -> list[str]:
        """Ids of the commitments, in the order of the policy."""
        return list(dict.fromkeys(id for _, id, _ in self._native.sentences))

    def text(self, width: int = 100, evidence: bool = False) -> str:
        """As the program prints it; with the findings if ``evidence``."""
        return self._native.text(width, evidence)

    def html(self) -> str:
        """A page to read and print."""
        return self._native.write("html", True)

    def markdown(self, evidence: bool = False) -> str:
        """A Markdown document."""
        return self._native.write("md", evidence)

    def csv(self, evidence: bool = False) -> str:
        """A row for each verdict; for each finding if ``evidence``."""
        return self._native.write("csv", evidence)

    def cite(self, format: str = "text") -> str:
        """What to cite, as ``"text"`` or ``"bibtex"``."""
        return self._native.cite(format)

    def __repr__(self) -> str:
        return self.answer

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        parts = []
        said = {(code, id): text for code, id, text in self._native.sentences}
        for audit, answer in zip(self.data["audits"], self._native.answers):
            state = audit["state"]
            title = f"{state['name']}, {audit['from']}–{audit['to']}: {self.data['policy']['title']}"
            rows = "".join(
                f"<tr><td style='text-align:left;white-space:nowrap' title='{html.escape(c['id'], quote=True)}'>{html.escape(c['title'])}</td>"
                f"<td>{_ribbon(c['verdicts'])}</td>"
                f"<td style='text-align:left'>{html.escape(said.get((state['ccode'], c['id']), ''))}</td></tr>"
                for c in audit["commitments"]
                if c["verdicts"]
            )
            parts.append(f"<h4>{html.escape(title)}</h4><p>{html.escape(answer)}</p><table>{rows}</table>")
        legend = " ".join(
            f"<span style='white-space:nowrap'><span style='display:inline-block;width:.8em;height:.8em;border:1px solid #999;"
            f"background:{colour}'></span> {name.replace('-', ' ')}</span>"
            for name, colour in COLOURS.items()
        )
        return "".join(parts) + f"<p>{legend}</p>"


def _ribbon(verdicts: list[dict[str, Any]]) -> str:
    """A row of years, each in the colour of its verdict."""
    width, height = 3, 16
    cells = []
    for at, verdict in enumerate(verdicts):
        name = verdict["verdict"]
        # An unknown year that is strained or worse is drawn as what is known of it, half as high.
        least = verdict.get("at_least")
        fill = COLOURS.get(least or name, "#ffffff")
        top, tall = (height // 2, height // 2) if least else (0, height)
        says = f"{verdict['year']}: {name.replace('-', ' ')}" + (f", {least} or worse" if least else "")
        cells.append(
            f"<rect x='{at * width}' y='{top}' width='{width}' height='{tall}' fill='{fill}'><title>{html.escape(says)}</title></rect>"
        )
    total = len(verdicts) * width
    return f"<svg width='{total}' height='{height}' role='img' style='border:1px solid #ccc'>{''.join(cells)}</svg>"


class Answer:
    """An answer to read, and its data.

    >>> import comity
    >>> why = comity.why("CHN", "no-great-power-alliance", 1955)
    >>> why.data["verdict"]
    'broken'
    """

    def __init__(self, native: Any) -> None:
        self._native = native

    @property
    def data(self) -> dict[str, Any]:
        """Everything, as the program's JSON has it."""
        return json.loads(self._native.json)

    @property
    def text(self) -> str:
        """As the program prints it."""
        return self._native.text

    def html(self) -> str:
        """A page to read and print, where there is one."""
        if self._native.html is None:
            raise ValueError("this answer has no page")
        return self._native.html

    def __repr__(self) -> str:
        return self._native.text

    def _repr_html_(self) -> str:
        return f"<pre style='white-space:pre-wrap'>{html.escape(self._native.text)}</pre>"
