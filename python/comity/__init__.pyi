from . import record as record
from ._documents import Answer as Answer, Audit as Audit
from ._program import command as command
from ._table import Table as Table
from .errors import Error as Error
from .record import Record as Record

__version__: str
__all__: list[str]

_default: Record

# The functions of the package are the methods of the default record.
audit = _default.audit
why = _default.why
verdicts = _default.verdicts
panel = _default.panel
query = _default.query
measure = _default.measure
advise = _default.advise
whatif = _default.whatif
states = _default.states

def policies() -> dict[str, str]: ...
def measures() -> dict[str, str]: ...
def explain(measure: str) -> str: ...
