"""The charter: the YAML front matter of GOVERNANCE.md, as text values and as what they mean.

Reading order: :mod:`front_matter` (YAML → text values), :mod:`meaning` (text values → Charter),
:mod:`writing` (a charter into a GOVERNANCE.md, its prose untouched), :mod:`editing` (single settings).
"""

from ledger.charter.front_matter import (
    GOVERNANCE,
    FrontMatter,
    read_front_matter,
    read_governance,
)
from ledger.charter.meaning import (
    Charter,
    Member,
    Owners,
    Revoked,
    check_group,
    check_origin,
    parse_charter,
)
from ledger.charter.witnesses import Witness, Witnesses
from ledger.charter.writing import add_charter, charter_body

__all__ = [
    "GOVERNANCE",
    "Charter",
    "FrontMatter",
    "Member",
    "Owners",
    "Revoked",
    "Witness",
    "Witnesses",
    "add_charter",
    "charter_body",
    "check_group",
    "check_origin",
    "parse_charter",
    "read_front_matter",
    "read_governance",
]
