"""The form of members' keys in a charter: OpenSSH public keys, as the line of a ``.pub`` file has them.

Only the form is looked at here, as far as text goes; whether a key is safe to sign with is checked where
a charter is adopted (:mod:`ledger.log.sshkey`).
"""

from __future__ import annotations

import re
from base64 import b64decode

KEY_TYPES = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "ssh-rsa",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
)
"""The types of key that a member may sign with."""

_LINE = re.compile(
    r"([a-z0-9@.-]+) ((?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)(?: .*)?"
)


def bare_key(line: str) -> str | None:
    """Return the key in ``line`` without its comment, None where it is no OpenSSH public key.

    >>> bare_key("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEA= ann@laptop")
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEA='
    """
    match = _LINE.fullmatch(line)
    if match is None or match[1] not in KEY_TYPES:
        return None
    # The type stands a second time within the key itself, with its length before it.
    name = match[1].encode()
    own = b64decode(match[2])[: 4 + len(name)]
    return f"{match[1]} {match[2]}" if own == len(name).to_bytes(4, "big") + name else None
