"""Comity: a foreign policy you can run.

A policy is a document of commitments, such as "no use of force", each with the queries that measure it. Comity runs it over the datasets of
peace science and says, for every state and year, whether each commitment was kept, strained or broken, or cannot be known, with the rows
behind every verdict. It builds research panels, computes the field's measures, and tests acts before they are taken.

>>> import comity
>>> comity.audit("CHN").commitments[:2]
['no-great-power-alliance', 'no-military-bloc']

*Not known* is never *kept*; null is never zero; there is no score and no ranking of states.
"""

from __future__ import annotations

from typing import Any

from . import _native, record
from ._documents import Answer, Audit
from ._program import command
from ._table import Table
from .errors import Error
from .record import Record

__version__ = _native.__version__

__all__ = [
    "Answer",
    "Audit",
    "Error",
    "Record",
    "Table",
    "advise",
    "audit",
    "command",
    "explain",
    "measure",
    "measures",
    "panel",
    "policies",
    "query",
    "record",
    "states",
    "verdicts",
    "whatif",
    "why",
]


def policies() -> dict[str, str]:
    """The policies that ship: id and title."""
    return dict(_native.policies())


def measures() -> dict[str, str]:
    """The measures of the field: name and title."""
    return dict(_native.measures())


def explain(measure: str) -> str:
    """What a measure is: formula, unit, what null means, references."""
    return _native.explain(measure)


def _of_the_default(name: str) -> Any:
    method = getattr(Record, name)

    def ask(*args: Any, **given: Any) -> Any:
        return getattr(record.default(), name)(*args, **given)

    ask.__name__ = ask.__qualname__ = name
    ask.__doc__ = method.__doc__
    # What help() shows: the method's own arguments, without `self`.
    import inspect

    signature = inspect.signature(method)
    ask.__signature__ = signature.replace(parameters=list(signature.parameters.values())[1:])  # type: ignore[attr-defined]
    return ask


audit = _of_the_default("audit")
why = _of_the_default("why")
verdicts = _of_the_default("verdicts")
panel = _of_the_default("panel")
query = _of_the_default("query")
measure = _of_the_default("measure")
advise = _of_the_default("advise")
whatif = _of_the_default("whatif")
states = _of_the_default("states")
