"""A time-stamp authority made with the real ``openssl``: two certificates and ``openssl ts -reply``."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

CONFIG = """
[ req ]
distinguished_name = name
prompt = no
[ name ]
CN = {name} root
[ ca ]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[ leaf ]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[ tsa ]
default_tsa = one
[ one ]
serial = {root}/serial
signer_cert = {root}/tsa.pem
signer_key = {root}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
tsa_name = no
ess_cert_id_chain = no
"""


def needs_openssl():
    """openssl makes the authority: where it is missing these tests do not pass silently."""
    if shutil.which("openssl") is None:
        pytest.fail("NOT RUN: openssl is not installed, and time stamps are tested against its authority")


@dataclass(frozen=True)
class Authority:
    root: Path

    @property
    def certificate(self) -> Path:
        """The self-signed certificate that its signatures lead to."""
        return self.root / "root.pem"

    def openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=self.root)

    def reply(self, query: bytes, *, chain: bool = False) -> bytes:
        """The answer (DER) to a query (DER); with the ``chain``, its root certificate is in it, too."""
        (self.root / "query.tsq").write_bytes(query)
        config, more = "tsa.cnf", ("-chain", "root.pem") if chain else ()
        self.openssl(
            "ts", "-reply", "-config", config, "-queryfile", "query.tsq", "-out", "reply.tsr", *more
        )
        return (self.root / "reply.tsr").read_bytes()

    def answer(self, path: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """What it says over HTTP."""
        return 200, {"Content-Type": "application/timestamp-reply"}, self.reply(body)


def make_authority(root: Path, name: str = "Test") -> Authority:
    """An authority with keys of its own."""
    needs_openssl()
    root.mkdir(parents=True, exist_ok=True)
    authority = Authority(root)
    (root / "tsa.cnf").write_text(CONFIG.format(root=root, name=name))
    (root / "serial").write_text("01\n")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "tsa.cnf")
    authority.openssl(
        "req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem", "-days", "30", "-extensions", "ca"
    )
    authority.openssl("req", "-new", *key, "-subj", f"/CN={name}", "-keyout", "tsa.key", "-out", "tsa.csr")
    authority.openssl(
        "x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
        "-out", "tsa.pem", "-days", "30", "-extfile", "tsa.cnf", "-extensions", "leaf",
    )  # fmt: skip
    return authority
