"""How fast members' signatures are checked, as a ratio to the bare check of the cryptography library.

    python -m benchmarks.signatures [--count 2000]

For each type of key: reading the armored text, the statement's digest and the check, against the library's
own check of ready bytes by a ready key. Ratios are of rates: 0.6x is the goal.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger.log.sshkey import ED25519, RSA, PublicKey, pack
from ledger.log.sshsig import SshSignature, check_signature, decode_signature, encode_signature, signed_data

GOAL = 0.6
MESSAGE = (
    b'{"by":"@ann","head":{"root":"' + b"0" * 64 + b'","size":41},"kind":"ballot","nr":1}' + b" " * 200
)
NAMESPACE = "ledger-v1"


class Case(NamedTuple):
    """A signature of MESSAGE by one key, and the library's own check of it."""

    name: str
    key: PublicKey
    text: str
    bare: Callable[[], None]


def make_cases() -> list[Case]:
    """Return one case for each type of key."""
    return [_ed25519(), *map(_ecdsa, ("nistp256", "nistp384", "nistp521")), *map(_rsa, (2048, 3072, 4096))]


def _case(name: str, key: PublicKey, raw: bytes, bare: Callable[[], None]) -> Case:
    return Case(name, key, encode_signature(SshSignature(key, NAMESPACE, "sha512", raw)), bare)


def _ed25519() -> Case:
    private, data = Ed25519PrivateKey.generate(), signed_data(MESSAGE, namespace=NAMESPACE, hash="sha512")
    public, signature = private.public_key(), private.sign(data)
    key = PublicKey(ED25519, pack(ED25519.encode(), public.public_bytes_raw()))
    return _case(ED25519, key, pack(ED25519.encode(), signature), lambda: public.verify(signature, data))


def _ecdsa(curve: str) -> Case:
    data = signed_data(MESSAGE, namespace=NAMESPACE, hash="sha512")
    kinds: dict[str, tuple[ec.EllipticCurve, hashes.HashAlgorithm]] = {
        "nistp256": (ec.SECP256R1(), hashes.SHA256()),
        "nistp384": (ec.SECP384R1(), hashes.SHA384()),
        "nistp521": (ec.SECP521R1(), hashes.SHA512()),
    }
    kind, digest = kinds[curve]
    private, scheme = ec.generate_private_key(kind), ec.ECDSA(digest)
    public, signature = private.public_key(), private.sign(data, scheme)
    name = f"ecdsa-sha2-{curve}"
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    key = PublicKey(name, pack(name.encode(), curve.encode(), point))
    numbers = pack(*map(_mpint, decode_dss_signature(signature)))
    return _case(name, key, pack(name.encode(), numbers), lambda: public.verify(signature, data, scheme))


def _rsa(bits: int) -> Case:
    data = signed_data(MESSAGE, namespace=NAMESPACE, hash="sha512")
    private, scheme, digest = rsa.generate_private_key(65537, bits), padding.PKCS1v15(), hashes.SHA512()
    public, signature = private.public_key(), private.sign(data, scheme, digest)
    numbers = public.public_numbers()
    key = PublicKey(RSA, pack(RSA.encode(), _mpint(numbers.e), _mpint(numbers.n)))
    raw = pack(b"rsa-sha2-512", signature)
    return _case(f"{RSA} {bits}", key, raw, lambda: public.verify(signature, data, scheme, digest))


def _mpint(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def _rates(checks: tuple[Callable[[], None], ...], count: int) -> list[float]:
    """Return checks a second of each: the best of many short runs, by turns, so that load is shared."""
    best = [0.0] * len(checks)
    for _ in range(20):
        for number, check in enumerate(checks):
            check()  # what is loaded once is loaded
            started = time.perf_counter()
            for _ in range(count // 20):
                check()
            best[number] = max(best[number], count // 20 / (time.perf_counter() - started))
    return best


def main() -> None:
    """Measure and print each type of key."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=2000)
    count = parser.parse_args().count
    for case in make_cases():

        def check(case: Case = case) -> None:
            check_signature(decode_signature(case.text), MESSAGE, namespace=NAMESPACE, allowed=(case.key,))

        bare, own = _rates((case.bare, check), count)
        print(
            f"{case.name:22} {own:9,.0f}/s against {bare:9,.0f}/s bare   {own / bare:4.2f}x (goal {GOAL}x)"
        )


if __name__ == "__main__":
    main()
