"""The command line: options, help and output; what a command does is a verb of ``ledger.workflow``.

Exit status: 0 it held · 1 something is wrong · 2 usage · 3 could not find out (no ledger, no key,
a lock, the disk) · 70 a mistake in ledger itself · 130 interrupted · 141 the reader of our output
closed it.
"""

from ledger.cli.program import main

__all__ = ["main"]
