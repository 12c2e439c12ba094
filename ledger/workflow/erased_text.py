"""Files of meetings of which words were redacted: what may be recorded once more, and what may not.

The words are gone, so that nobody can look for them. What can be told is whether a file is the original
of one that was blanked: line by line the same, where nothing was blanked. Any other new text for such a
meeting needs somebody who has looked.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import Finding, UsageError, Where
from ledger.minutes.source import decode_source

if TYPE_CHECKING:
    from ledger.minutes import Minutes
    from ledger.workflow.history import History, Reading


def check_not_erased(
    path: Path,
    minutes: Minutes,
    history: History,
    read_stored: Callable[[str], bytes],
    *,
    reread: bool,
    looked: bool,
) -> Finding | None:
    """Return what to know before ``minutes`` are recorded where words of that day's were redacted.

    None where there is nothing to know: none were, or the text is on record as it is. ``looked`` says that
    somebody made sure that no erased words are in it; ``reread`` that the recorded text is read again.
    Raises UsageError for the original of a blanked file, and for reading a blanked file again.
    """
    blanked = history.blanked_on(minutes.date)
    if not blanked:
        return None
    readings = [
        one for meeting in history.meetings_on(minutes.date) for one in history.readings_of(meeting)
    ]
    texts = {one.path: decode_source(read_stored(one.path), one.path).text for one in readings}
    same = [one for one in readings if texts[one.path] == minutes.text]
    if same:
        if reread:
            raise _reread_error(path, same[-1])
        if same[-1] != history.readings_of(same[-1].meeting)[-1]:
            raise _replaced_error(path, same[-1])
        return None
    original = next((one for one in blanked if is_original(minutes.text, texts[one.path])), None)
    if original is not None:
        raise UsageError(
            f"this file was recorded as {original.path}, and words of it were redacted since",
            why=f"recording it again would bring them back; see: ledger show {original.first}",
            fix=f"use the recorded copy, {original.path}, and remove the words from this one",
            where=Where(str(path)),
        )
    what = f"words of the minutes of {minutes.date} were redacted ({blanked[0].path}); this is another text"
    fix = "see that it does not bring them back, then say --despite-redaction"
    return Finding("redacted", "warning" if looked else "error", None, what, fix)


def is_original(text: str, blanked: str) -> bool:
    """Tell whether ``blanked`` is ``text`` with some lines emptied, or with parts of them removed.

    >>> is_original("one\\ntwo\\nthree", "one\\n\\nthree"), is_original("one\\ntwo", "one\\nthree")
    (True, False)
    """
    before, after = text.split("\n"), blanked.split("\n")
    if len(before) != len(after) or before == after:
        return False
    return all(old == new or _is_part(new, old) for old, new in zip(before, after, strict=True))


def _is_part(part: str, whole: str) -> bool:
    """Tell whether ``part`` is what is left of ``whole`` after letters were taken out."""
    letters = iter(whole)
    return len(part) < len(whole) and all(letter in letters for letter in part)


def _reread_error(path: Path, reading: Reading) -> UsageError:
    return UsageError(
        f"words of {reading.path} were redacted, so that it cannot be read again",
        why="what is left of it would be held against records that were read in the whole of it",
        fix="record what changed by hand (ledger decide), or a new text: ledger record FILE",
        where=Where(str(path)),
    )


def _replaced_error(path: Path, reading: Reading) -> UsageError:
    return UsageError(
        f"this is {reading.path}, which a later reading has replaced and of which words were redacted",
        why="recording it again would take back what was corrected since",
        fix="record a new text, or what changed by hand: ledger decide",
        where=Where(str(path)),
    )
