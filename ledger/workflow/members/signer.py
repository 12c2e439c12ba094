"""Who signs with which key: found on this computer, and named by the charter in force."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ledger.errors import ConfigurationError, StoreError
from ledger.governance.members import MemberKeys
from ledger.store.openssh import KeyFile, configured_key, own_keys, read_key_file
from ledger.store.places import Places


class Signer(NamedTuple):
    """A person by the handle in the charter, and the key that they sign with."""

    handle: str
    key: KeyFile


def find_signer(
    places: Places, keys: MemberKeys, by: str | None = None, sign_with: Path | None = None
) -> Signer:
    """Return who signs: ``by``, or whoever holds the key.

    The key is ``sign_with``, else the one that git signs with, else the one key in ``~/.ssh`` that the
    charter names for that person. Raises UsageError for a key that cannot be read, ConfigurationError
    where the charter does not name the key for them, StoreError where there is none or more than one.
    """
    if by is not None and not keys.of(by):
        raise ConfigurationError(
            f"the charter in force names no key for {by}",
            why="a signature counts by the key that the charter names for a person",
            fix=f"add one that is not revoked: ledger member add {by} --key ~/.ssh/id_ed25519.pub",
        )
    if sign_with is not None:
        chosen: KeyFile | None = read_key_file(sign_with.expanduser(), "--sign-with")
    else:
        chosen = configured_key(places.root)
    if chosen is not None:
        return _named(chosen, keys, by)
    wanted = keys.of(by) if by is not None else list(keys.holders)
    fitting = {file.key: file for file in own_keys() if file.key in wanted}
    if len(fitting) != 1:
        whose = by or ("somebody" if fitting else "anybody")
        found = ", ".join(file.named_by for file in fitting.values())
        raise StoreError(
            f"more than one key on this computer is named by the charter for {whose}: {found}"
            if fitting
            else f"no key on this computer is named by the charter for {whose}",
            why="looked at --sign-with, git config user.signingKey (with gpg.format ssh) and ~/.ssh/*.pub",
            fix=_fix(by, found=bool(fitting)),
        )
    return _named(next(iter(fitting.values())), keys, by)


def _fix(by: str | None, *, found: bool) -> str:
    fix = "name the key: --sign-with FILE (a .pub file for a key that ssh-agent or hardware holds)"
    if by is not None:
        return fix
    if found:
        return f"say who signs: --by @ann; or {fix}"
    return f"{fix}; if the charter names none of yours yet: ledger member add @ann --key FILE"


def _named(chosen: KeyFile, keys: MemberKeys, by: str | None) -> Signer:
    holder = keys.holders.get(chosen.key)
    person = keys.spellings.key
    if holder is not None and (by is None or person(holder) == person(by)):
        return Signer(holder, chosen)
    revoked = chosen.key in keys.revoked
    whose = (
        f"it names it for {holder}" if holder else "it was revoked" if revoked else "it names it for nobody"
    )
    raise ConfigurationError(
        f"the key {chosen.key.fingerprint} ({chosen.named_by}) is not one of {by}"
        if by is not None
        else f"the charter in force does not name the key {chosen.key.fingerprint} ({chosen.named_by})",
        why=f"a signature counts by the charter in force, and {whose}",
        fix=f"name another key with --sign-with FILE, or add this one: ledger member add {by or 'HANDLE'}",
    )
