"""Keys and signatures of the real OpenSSH, and of a hardware key made in software by its specification."""

from __future__ import annotations

import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger.log.sshkey import SK_ECDSA, SK_ED25519, PublicKey, decode_key, pack
from ledger.log.sshsig import SshSignature, encode_signature, signed_data

needs_openssh = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="NOT RUN: ssh-keygen is missing; install openssh-client"
)
KINDS = (
    ("ed25519", ""),
    ("ecdsa", "256"),
    ("ecdsa", "384"),
    ("ecdsa", "521"),
    ("rsa", "2048"),
    ("rsa", "3072"),
)
"""The types of key that ssh-keygen makes without hardware, each with its size."""


def make_key(folder: Path, kind: str = "ed25519", bits: str = "", *, passphrase: str = "") -> Path:
    """Make a key pair with ssh-keygen; return the private key's file, beside which the ``.pub`` lies."""
    path = folder / f"id_{kind}{bits}"
    size = ["-b", bits] if bits else []
    command = ["ssh-keygen", "-q", "-t", kind, *size, "-N", passphrase, "-C", "a test key", "-f", str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path


def read_key(path: Path) -> PublicKey:
    """Return the public key beside the private key's file ``path``."""
    return decode_key(path.with_name(path.name + ".pub").read_text().rstrip("\n"))


def keygen_sign(path: Path, message: bytes, namespace: str = "ledger-v1", *options: str) -> str:
    """Return what ``ssh-keygen -Y sign`` prints for ``message``."""
    command = ["ssh-keygen", "-Y", "sign", "-q", "-n", namespace, "-f", str(path), *options]
    done = subprocess.run(command, input=message, check=True, capture_output=True)
    return done.stdout.decode()


def keygen_verifies(
    folder: Path, key: PublicKey, message: bytes, signature: str, namespace: str = "ledger-v1"
) -> bool:
    """Tell whether ``ssh-keygen -Y verify`` accepts ``signature`` by ``key``."""
    (folder / "allowed").write_text(f"ann {key.text}\n")
    (folder / "message.sig").write_text(signature)
    command = [
        "ssh-keygen",
        "-Y",
        "verify",
        "-f",
        "allowed",
        "-I",
        "ann",
        "-n",
        namespace,
        "-s",
        "message.sig",
    ]
    done = subprocess.run(command, cwd=folder, input=message, capture_output=True)
    return done.returncode == 0


class SoftwareSecurityKey:
    """A FIDO key without the hardware (openssh, PROTOCOL.u2f): ``flags`` 1 says that it was touched."""

    def __init__(self, kind: str, application: bytes = b"ssh:") -> None:
        self.application = application
        self.private: Any
        if kind == SK_ED25519:
            self.private = Ed25519PrivateKey.generate()
            parts = [self.private.public_key().public_bytes_raw()]
        else:
            self.private = ec.generate_private_key(ec.SECP256R1())
            public = self.private.public_key()
            parts = [b"nistp256", public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)]
        self.key = PublicKey(kind, pack(kind.encode(), *parts, application))

    def sign(
        self, message: bytes, *, flags: int = 1, counter: int = 7, namespace: str = "ledger-v1"
    ) -> str:
        """Return the armored signature over ``message``."""
        told = bytes([flags]) + counter.to_bytes(4, "big")
        data = signed_data(message, namespace=namespace, hash="sha512")
        data = sha256(self.application).digest() + told + sha256(data).digest()
        if self.key.type == SK_ECDSA:
            r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA256())))
            inner = pack(mpint(r), mpint(s))
        else:
            inner = self.private.sign(data)
        raw = pack(self.key.type.encode(), inner) + told
        return encode_signature(SshSignature(self.key, namespace, "sha512", raw))


def mpint(number: int) -> bytes:
    """Return the shortest signed big-endian form of ``number`` (RFC 4251 5)."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")
