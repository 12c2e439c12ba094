"""Reading files of ballots: text in, ballots out, each problem with its line.

``read_ballots`` is the way in; one module for each format: ``blt``, ``abif``, ``table`` (CSV),
``roll_call`` and ``five_answers``. Nothing is ignored: a line that is not understood is a FormatError with
its number.
"""

from ledger.governance.counting.reading.file import FORMATS, detect_format, read_ballots
from ledger.governance.counting.reading.sheet import BallotFile
from ledger.governance.counting.reading.table import delimiter_of
from ledger.governance.counting.roll import RollCall

__all__ = ["FORMATS", "BallotFile", "RollCall", "delimiter_of", "detect_format", "read_ballots"]
