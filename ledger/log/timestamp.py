"""Time stamps of heads: RFC 3161, by an authority that signs "these bytes existed at this time".

What is stamped is the note text of the checkpoint (origin, size and root, each line with its LF), by its
SHA-256: the signature lines do not belong to it, so that later cosignatures change nothing. Making and
reading time stamps takes ``rfc3161-client``, which the extra ``ledger[time]`` installs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ledger.errors import FormatError, StoreError, VerificationError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

MAX_STAMP = 64 * 1024
"""A time stamp has at most this many bytes."""

REQUEST_TYPE = "application/timestamp-query"
ANSWER_TYPE = "application/timestamp-reply"

_SEQUENCE, _TAGGED = 0x30, 0xA0  # tags of DER: a sequence, and what is marked [0]
_SHA256 = "2.16.840.1.101.3.4.2.1"


@dataclass(frozen=True, slots=True)
class Query:
    """A question to an authority: its bytes (DER), and the number that the answer must repeat."""

    data: bytes
    nonce: int


def make_query(text: str) -> Query:
    """Return the question for a time stamp of a head's ``text``. Raises StoreError without the extra."""
    library = _library()
    request = library.TimestampRequestBuilder(
        data=text.encode(), hash_algorithm=library.HashAlgorithm.SHA256, nonce=True, cert_req=True
    ).build()
    return Query(request.as_bytes(), request.nonce)


def read_stamp(data: bytes, text: str, *, nonce: int | None = None) -> str:
    """Return the time (``2024-04-12T09:30:00Z``) that a time stamp (DER) states for a head's ``text``.

    Its signature is not checked. Raises FormatError for bytes that are no granted time stamp,
    VerificationError where it is of other bytes or repeats another ``nonce``, StoreError without the extra.
    """
    response = _decode(data)
    info = response.tst_info
    if info.message_imprint.hash_algorithm.dotted_string != _SHA256:
        raise FormatError("the time stamp is not made with SHA-256")
    if info.message_imprint.message != sha256(text.encode()).digest():
        raise VerificationError(
            "the time stamp is of another head",
            why="its digest is not that of this origin, size and root",
            fix="look who put it there; or compare the log with a good copy: a head of another history was"
            " stamped",
        )
    if nonce is not None and info.nonce != nonce:
        raise VerificationError("the time stamp answers another question", fix="ask again")
    # (Not strftime: it writes the year 999 with three digits.)
    return str(info.gen_time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")) + "Z"


def check_stamp(
    data: bytes, text: str, certificates: Sequence[Certificate], *, nonce: int | None = None
) -> str:
    """Return the time of a time stamp whose signature leads to one of the ``certificates``.

    They are the authority's own self-signed one, and those in between that the time stamp does not bring.
    Raises as :func:`read_stamp` does, and VerificationError where the signature does not hold or the
    certificate that made it is not one for time stamps.
    """
    library = _library()
    at = read_stamp(data, text, nonce=nonce)
    verifier = library.VerifierBuilder(roots=list(certificates)).build()
    try:
        verifier.verify(_decode(data), sha256(text.encode()).digest())
    except Exception as error:  # noqa: BLE001 - whatever it raises, it does not hold
        raise VerificationError(
            f"the time stamp does not hold: {_plain(error)}",
            why="only the authority's signature says that it was made at that time",
            fix="compare the certificates with those that the authority publishes",
        ) from None
    return at


def read_certificates(data: bytes) -> tuple[Certificate, ...]:
    """Return the certificates of a file: PEM, one or several, or one in DER. Raises FormatError."""
    from cryptography import x509

    try:
        if b"-----BEGIN" in data:
            return tuple(x509.load_pem_x509_certificates(data))
        return (x509.load_der_x509_certificate(data),)
    except ValueError as error:
        raise FormatError(
            f"no certificate can be read: {_plain(error)}",
            fix="give the certificates that the authority publishes, as PEM",
        ) from None


def _decode(data: bytes) -> Any:
    """Return the response with everything in it that is needed."""
    if len(data) > MAX_STAMP:
        raise FormatError(f"a time stamp of {len(data)} bytes is larger than {MAX_STAMP}")
    library = _library()
    try:
        response = library.decode_timestamp_response(_sort_certificates(data))
        status = int(response.status)
        if status == library.PKIStatus.GRANTED:
            # Read once here: a part that cannot be read shows only when it is asked for.
            info = response.tst_info
            _ = info.gen_time, info.nonce, info.message_imprint.message, info.message_imprint.hash_algorithm
            return response
        said = "; ".join(response.status_string or ())
    except Exception as error:  # noqa: BLE001 - whatever it raises, they are none
        raise FormatError(f"the bytes are no time stamp (RFC 3161): {_plain(error)}") from None
    raise FormatError(f"the authority refuses (status {status}): {_plain(said) or 'it does not say why'}")


def _sort_certificates(data: bytes) -> bytes:
    """Return a time stamp with its certificates in the order that DER demands.

    ``openssl ts`` sends them as they come, and the library refuses that. No signature covers their order.
    What is not built as RFC 3161 says is returned as it is.
    """
    try:
        response = _Span.whole(data).enter(_SEQUENCE)
        content = response.skip(1).enter(_SEQUENCE)  # after the status
        signed = content.skip(1).enter(_TAGGED).enter(_SEQUENCE)  # after the type
        certificates = signed.skip(3).enter(_TAGGED)  # after version, digest algorithms and what is signed
        parts = sorted(certificates.parts())
    except (IndexError, ValueError):
        return data
    return data[: certificates.start] + b"".join(parts) + data[certificates.end :]


@dataclass(frozen=True, slots=True)
class _Span:
    """Values in DER, one after another: the bytes of ``data`` from ``start`` to ``end``.

    Raises ValueError or IndexError where they are not.
    """

    data: bytes
    start: int
    end: int

    @classmethod
    def whole(cls, data: bytes) -> _Span:
        return cls(data, 0, len(data))

    def enter(self, tag: int) -> _Span:
        """Return what the first value, of this tag, encloses."""
        if self.data[self.start] != tag:
            raise ValueError("another tag")
        return self._first()

    def skip(self, count: int) -> _Span:
        """Return the span without its first values."""
        rest = self
        for _ in range(count):
            rest = _Span(self.data, rest._first().end, self.end)
        return rest

    def parts(self) -> Iterator[bytes]:
        """Yield each value with its tag and length."""
        rest = self
        while rest.start < rest.end:
            after = rest.skip(1)
            yield self.data[rest.start : after.start]
            rest = after

    def _first(self) -> _Span:
        length, start = self.data[self.start + 1], self.start + 2
        if length & 0x80:
            width = length & 0x7F
            length = int.from_bytes(self.data[start : start + width], "big")
            start += width
        if start + length > self.end:
            raise ValueError("longer than what encloses it")
        return _Span(self.data, start, start + length)


def _library() -> Any:
    try:
        import rfc3161_client
    except ImportError:
        raise StoreError(
            "time stamps need the package rfc3161-client",
            why="it is an extra, because most readers need none",
            fix="pip install 'rfc3161-client>=1.0.9'",
        ) from None
    return rfc3161_client


def _plain(error: object) -> str:
    text = " ".join(str(error).split())
    return "".join(char if char.isprintable() else "?" for char in text)[:200]
