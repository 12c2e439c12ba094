"""``verify``: every promise of the log, computed from its bytes, and what was not checked.

Reading order: :mod:`report` (what is said), :mod:`walk` (all entries, in one process or several),
:mod:`bodies` and :mod:`sources` (what entries state), :mod:`charters`, :mod:`surroundings`.
"""

from ledger.log.chain import Failure
from ledger.workflow.verify.report import Check, VerifyReport
from ledger.workflow.verify.verdict import verify_ledger
from ledger.workflow.verify.walk import Progress
from ledger.workflow.verify.witnesses import Demands, read_demands

__all__ = ["Check", "Demands", "Failure", "Progress", "VerifyReport", "read_demands", "verify_ledger"]
