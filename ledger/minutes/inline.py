"""Inline Markdown → plain words, and what stands beside them: links, CVE identifiers.

Plain text is what the grammar reads and what answers show; the verbatim quote stays in the source.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping

_CODE = re.compile(r"(`+)(.+?)\1")
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(
    r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*<?([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+\"[^\"]*\")?\s*\)"
)
_REFERENCE = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
_AUTOLINK = re.compile(r"<((?:https?|mailto|ftp|irc|xmpp):[^<>\s]+|[\w.+-]+@[\w-]+\.[\w.-]+)>")
_URL = re.compile(r"\b(?:https?|ftp|ircs?)://[^\s<>\"'`]+")
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>")
_STRUCK = re.compile(r"~~(?=\S)(.+?)(?<=\S)~~|<(del|s|strike)>.*?</\2>", re.IGNORECASE)
_EMPHASIS = re.compile(r"(\*{1,3})(?=\S)(.+?)(?<=\S)\1|(?<!\w)(_{1,3})(?=\S)(.+?)(?<=\S)\3(?!\w)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_LIQUID = re.compile(r"\{\{\s*(?:(?:page|site)\.)?([\w.]+)?[^{}]*\}\}|\{%[^%]*%\}|\{:[^{}]*\}")
_LIQUID_IN_URL = re.compile(r"(?<=[?&=/])\{\{[^{}]*\}\}")
_MARKUP = re.compile(r"[\\`\[\]<*_~{&\x00]|://")
_SPACE = re.compile(r"\s+")
_CVE = re.compile(r"\bCVE[-‐‑–]([0-9]{4})[-‐‑–]([0-9]{4,})\b", re.IGNORECASE)
_MAIL = re.compile(r"@?\b[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_ADDRESS = re.compile(r"(?<![@\w.-])[\w.-]+/@[\w-]+")
_GLUED = re.compile(r"[\w.+-]@")
_AFTER_WORD = re.compile(r"(?<=\w)@[\w-]+")
_TRAILING = ".,;:!?)]}'\"*_"
_PLACEHOLDER = re.compile(
    r"(?:…|\.{2,}|-+|–|—|_+|\?+|#?tb[dac]\.?|fixme|todo|n/?a\.?|xxx|x)?", re.IGNORECASE
)


def plain_text(raw: str, variables: Mapping[str, str] | None = None) -> str:
    """Return ``raw`` without markup: links as their labels, struck-through text left out.

    ``variables`` resolves Liquid output such as ``{{ page.meeting_time }}``; unknown tags vanish.
    """
    if _MARKUP.search(raw) is None:
        return _SPACE.sub(" ", raw).strip()
    kept: list[str] = []

    def keep(text: str) -> str:
        kept.append(text)
        return f"\x00{len(kept) - 1}\x00"

    # Most text has one kind of markup: a mark that is not there needs no search.
    text = raw.replace("\x00", " ")
    if "\\" in text:
        text = _ESCAPE.sub(lambda match: keep(match[1]), text)
    if "`" in text:
        text = _CODE.sub(lambda match: keep(match[2]), text)
    if "{" in text:
        # Inside a web address a Liquid tag only carries parameters: it goes, so that the link is whole.
        text = _LIQUID_IN_URL.sub("", text)
        text = _LIQUID.sub(lambda match: (variables or {}).get(match[1] or "", ""), text)
    text = _strip_links(text, keep)
    if "*" in text or "_" in text:
        for _ in range(3):
            text = _EMPHASIS.sub(lambda match: match[2] or match[4], text)
    text = html.unescape(text)
    if not kept:
        return _SPACE.sub(" ", text.replace("\x00", "")).strip()
    text = re.sub(r"\x00(\d+)\x00", lambda match: kept[int(match[1])], text)
    # A label may itself hold escapes or code, so what was kept can hold kept text once more.
    text = re.sub(r"\x00(\d+)\x00", lambda match: kept[int(match[1])], text).replace("\x00", "")
    return _SPACE.sub(" ", text).strip()


def _strip_links(text: str, keep: Callable[[str], str]) -> str:
    if "~" in text or "<" in text:
        text = _STRUCK.sub("", text)
    if "[" in text:
        text = _IMAGE.sub(r"\1", text)
        text = _LINK.sub(lambda match: _label(match[1], match[2]), text)
        text = _REFERENCE.sub(r"\1", text)
    if "<" in text:
        text = _AUTOLINK.sub(lambda match: keep(match[1]), text)
    if "://" in text:
        text = _URL.sub(lambda match: keep(match[0]), text)
    return _TAG.sub(" ", text) if "<" in text else text


def _label(label: str, target: str) -> str:
    return label if label.strip() else target


def find_links(raw: str) -> list[str]:
    """Return the web addresses in ``raw``, in order, each once."""
    text = _LIQUID.sub("", raw)
    spans = [(match.start(2), match[2]) for match in _LINK.finditer(text) if match[2]]
    masked = _LINK.sub(lambda match: " " * len(match[0]), text)
    spans += [(match.start(), _trim(match[0])) for match in _URL.finditer(masked)]
    found = [_ESCAPE.sub(r"\1", url) for _, url in sorted(spans)]
    return list(dict.fromkeys(url for url in found if url))


def _trim(url: str) -> str:
    while url and url[-1] in _TRAILING and not (url[-1] == ")" and "(" in url):
        url = url[:-1]
    return url


def find_cves(raw: str) -> list[str]:
    """Return the CVE identifiers in ``raw``, normalised (``CVE-2023-7101``), in order, each once."""
    return list(dict.fromkeys(f"CVE-{year}-{number}" for year, number in _CVE.findall(raw)))


def is_struck(raw: str) -> bool:
    """Return whether all words of ``raw`` are struck through."""
    return bool(_STRUCK.search(raw)) and not re.search(r"\w", _STRUCK.sub("", raw))


def is_placeholder(plain: str) -> bool:
    """Return whether ``plain`` only says that something is missing (``…``, ``TBD``, ``-``)."""
    return _PLACEHOLDER.fullmatch(plain.strip().strip("()[]").strip()) is not None


def mask_addresses(plain: str) -> str:
    """Return ``plain`` with URLs, mail addresses and Mastodon handles blanked, every offset kept."""

    def blank(match: re.Match[str]) -> str:
        return "\x01" * len(match[0])

    if "@" not in plain:
        return plain
    text = _URL.sub(blank, plain) if "://" in plain else plain
    glued = _GLUED.search(text) is not None
    text = _MAIL.sub(blank, text) if glued else text
    # "@a/@b" are two people, "chaos.example/@a" is an address.
    text = _ADDRESS.sub(blank, text) if "/@" in text else text
    return _AFTER_WORD.sub(blank, text) if glued else text


def contains_any(plain: str, parts: Iterable[str]) -> bool:
    """Return whether one of ``parts`` (lower case) stands in the text: a quick "no" for long patterns."""
    folded = plain.lower()
    for part in parts:  # noqa: SIM110 - a generator costs more than all its searches
        if part in folded:
            return True
    return False
