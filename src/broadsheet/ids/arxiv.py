"""arXiv identifiers, old style (math/0611800) and new (2406.09519), in all spellings people use.

The number after the dot has four digits to December 2014 and five since; a shorter one is filled with
zeros on the left, as arXiv itself does. The subject class of an old id ("math.CA/0611800") is no part
of its name. The version is kept apart: versions are not papers.
"""

import re
from urllib.parse import unquote

from broadsheet.ids.categories import ARCHIVES

_NEW = r"(?P<month>\d\d(?:0[1-9]|1[0-2]))\.(?P<number>\d{4,5})"
_OLD = r"(?P<archive>[a-z]+(?:-[a-z]+)*)(?:\.[a-z-]{2,})?/(?P<old_month>\d\d(?:0[1-9]|1[0-2]))(?P<old_number>\d{3})"
_ID = re.compile(rf"(?:{_NEW}|{_OLD})(?:v(?P<version>[1-9]\d{{0,3}}))?(?:\.(?:pdf|ps|gz))?/?", re.ASCII | re.IGNORECASE)
_LEAD = re.compile(
    r"""(?:https?://)?(?:
        (?:(?:www|export|rss|browse)\.)?arxiv\.org/(?:abs|pdf|html|src|e-print|format|ps)/
      | ar5iv\.(?:labs\.arxiv\.)?org/(?:abs|html)/
      | (?:www\.)?alphaxiv\.org/(?:abs|pdf|overview)/
      | (?:www\.)?(?:huggingface\.co|hf\.co)/papers/
      | (?:(?:dx|www)\.)?doi\.org/10\.48550/arxiv\.
    )
    | (?:doi:\s*)?10\.48550/arxiv\.
    | oai:arxiv\.org:
    | arxiv[:.\s]\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST = 200  # characters; no spelling of an id is longer


def arxiv(text: str) -> tuple[str, int] | None:
    """The normal id and the version (0: none given) that any spelling of an arXiv id stands for, or None."""
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    match = _ID.fullmatch(text)
    if not match:
        text = unquote(re.split(r"[?#]", text, maxsplit=1)[0])
        lead = _LEAD.match(text)
        match = _ID.fullmatch(text, lead.end() if lead else 0)
        if not match:
            return None
    version = int(match["version"] or 0)
    if month := match["month"]:
        name = _new_style(month, int(match["number"]))
    else:
        name = _old_style(match["archive"].lower(), match["old_month"], match["old_number"])
    return (name, version) if name else None


def _new_style(month: str, number: int) -> str | None:
    if not "0704" <= month <= "9012" or number == 0:  # 91 to 99 are the years of old ids
        return None
    if month >= "1501":
        return f"{month}.{number:05d}"
    return f"{month}.{number:04d}" if number <= 9999 else None


def _old_style(archive: str, month: str, number: str) -> str | None:
    if archive not in ARCHIVES or number == "000" or not (month >= "9107" or month <= "0703"):
        return None
    return f"{archive}/{month}{number}"


def arxiv_month(arxiv_id: str) -> str:
    """The month a normal id was given out in: "2406.09519" -> "2024-06", "math/9809151" -> "1998-09"."""
    digits = arxiv_id.rpartition("/")[2]
    century = "19" if digits >= "91" else "20"
    return f"{century}{digits[:2]}-{digits[2:4]}"
