"""``redact``: erase the words of records, in the log and in the recorded minutes, for good.

Read on in ``targets`` (what is named, and what cannot be), ``blanking`` (which parts of which lines),
``leftovers`` (where the words stand besides), ``unsettled`` (what nobody can compute afterwards),
``planning`` (all of it together) and ``verb``; ``copies`` tells of what no program here reaches.
"""

from ledger.workflow.redact.verb import Redacted, redact_records

__all__ = ["Redacted", "redact_records"]
