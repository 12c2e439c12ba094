"""One HTTP request to somebody else's computer, with every limit: time, size, and where it goes.

Only https is spoken, or http to this computer itself. No redirection is followed and no proxy is used, not
even one that the environment names: what is asked goes to the address that was stated, or nowhere.
"""

from __future__ import annotations

import http.client
import ssl
import threading
import urllib.request
from urllib.error import URLError

from ledger.charter.witnesses import check_url
from ledger.errors import StoreError
from ledger.log.witness import Answer

TIMEOUT = 20.0
"""Seconds for the whole exchange."""

MAX_ANSWER = 64 * 1024
"""An answer has at most this many bytes."""


def post(url: str, body: bytes, content_type: str, *, timeout: float = TIMEOUT) -> Answer:
    """Send ``body`` to ``url`` by POST and return the answer, whatever its status, except a redirection.

    Raises ConfigurationError for an address that is not asked, StoreError where there is no answer within
    ``timeout`` seconds, it is too long, or it leads elsewhere.
    """
    check_url(url)
    headers = {"Content-Type": content_type, "User-Agent": "ledger", "Connection": "close"}
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - checked
    results: list[Answer | Exception] = []

    def send() -> None:
        try:
            results.append(_send(request, timeout))
        except (OSError, http.client.HTTPException, ValueError, StoreError) as error:
            results.append(error)

    # A time-out of the connection begins anew with each byte, so that the whole is timed from outside.
    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    thread.join(timeout)
    result = results[0] if results else TimeoutError("timed out")
    if isinstance(result, Answer):
        return result
    if isinstance(result, StoreError):
        raise result
    raise StoreError(
        f"{url} does not answer: {_reason(result)}",
        why="whether it would have agreed is not known",
        fix="look whether the address is right and the network is there, then ask again",
    )


def _send(request: urllib.request.Request, timeout: float) -> Answer:
    with _opener().open(request, timeout=timeout) as response:
        status = int(response.status)
        if 300 <= status < 400:
            raise StoreError(
                f"{request.full_url} leads elsewhere (status {status}):"
                f" {_plain(response.headers.get('Location', ''))}",
                why="who answers is said by the address that was named",
                fix="if the new address is right, name that one",
            )
        data = response.read(MAX_ANSWER + 1)
        if len(data) > MAX_ANSWER:
            raise StoreError(
                f"{request.full_url} answers with more than {MAX_ANSWER} bytes",
                fix="look whether the address is right",
            )
        return Answer(status, str(response.headers.get("Content-Type", "")), data)


def _opener() -> urllib.request.OpenerDirector:
    """Return what opens http and https and nothing else: no proxy, redirection, file or cookie."""
    opener = urllib.request.OpenerDirector()
    opener.add_handler(urllib.request.HTTPHandler())
    opener.add_handler(urllib.request.HTTPSHandler(context=ssl.create_default_context()))
    return opener


def _reason(error: Exception) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    return _plain(str(reason) or type(reason).__name__)


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)[:200]
