"""``verify``: every promise of the log, computed from its bytes, and what was not checked.

Reading order: :mod:`report` (what is said), :mod:`walk` (all entries, in one process or several),
:mod:`bodies` and :mod:`sources` (what entries state), :mod:`charters`, :mod:`surroundings`.
"""

from ledger.log.chain import Failure
from ledger.workflow.verify.report import Check, VerifyReport
from ledger.workflow.verify.verdict import verify_ledger
from ledger.workflow.verify.walk import Progress

__all__ = ["Check", "Failure", "Progress", "VerifyReport", "verify_ledger"]
