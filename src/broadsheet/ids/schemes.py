"""Every scheme a paper may be named in: arXiv, DOI, ACL Anthology, OpenReview and the indexes.

A value in its normal form, written "scheme:value", is read back as itself. Two papers that share an
identifier are one paper, so a string that stands for two (a DOI of the ACL Anthology) gives both.
"""

import re
from urllib.parse import unquote

from broadsheet.ids.arxiv import arxiv
from broadsheet.types import Identifier

_DOI_LEAD = re.compile(
    r"""https?://(?:(?:dx|www)\.)?doi\.org/
    | (?:(?:dx|www)\.)?doi\.org/
    | doi:\s*
    | https?://dl\.acm\.org/doi/(?:[a-z]+/)?
    | https?://(?:www\.)?(?:bio|med)rxiv\.org/content/""",
    re.IGNORECASE | re.VERBOSE,
)
_DOI = re.compile(r"10\.\d{4,9}/\S+", re.ASCII)
_PREPRINT_PAGE = re.compile(r"v\d+(?:\.(?:full|abstract|supplementary-material)[\w.-]*)?$")
_ACL_DOI = re.compile(r"10\.18653/v1/(?:[a-z]\d{2}-\d{4}|\d{4}\.[a-z0-9_]+-[a-z0-9]+\.\d+)")
_OPENING = {")": "(", "]": "[", "}": "{", ">": "<"}
_LONGEST = 500  # characters; a longer string is no identifier

# What follows the scheme's name or its site's address; the group is the value.
_SCHEMES = {
    "acl": re.compile(
        r"""(?:https?://(?:www\.)?aclanthology\.org/|https?://(?:www\.)?aclweb\.org/anthology/(?:papers/)?|acl:\s?)?
        (\d{4}\.[a-z0-9_]+-[a-z0-9]+\.\d+|[a-z]\d{2}-\d{4})(?:v\d+)?(?:\.pdf|\.bib)?/?""",
        re.ASCII | re.IGNORECASE | re.VERBOSE,
    ),
    "openreview": re.compile(
        r"(?:https?://openreview\.net/(?:forum|pdf|attachment)\?(?:\S*&)?id=|openreview:\s?)([\w-]{6,40})(?:[&#]\S*)?",
        re.ASCII | re.IGNORECASE,
    ),
    "s2": re.compile(
        r"(?:https?://(?:www\.)?semanticscholar\.org/paper/(?:[^/\s]+/)?|s2:\s?)?([0-9a-f]{40})",
        re.ASCII | re.IGNORECASE,
    ),
    "corpusid": re.compile(
        r"(?:https?://api\.semanticscholar\.org/)?corpus\s?id:\s?0*(\d{1,12})", re.ASCII | re.IGNORECASE
    ),
    "openalex": re.compile(
        r"(?:https?://(?:api\.)?openalex\.org/(?:works/)?|openalex:\s?)?(W\d{4,12})", re.ASCII | re.IGNORECASE
    ),
    "pmid": re.compile(
        r"(?:https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/|pmid:\s?)0*(\d{1,8})/?",
        re.ASCII | re.IGNORECASE,
    ),
    "pmcid": re.compile(
        r"(?:https?://(?:www\.)?(?:pmc\.)?ncbi\.nlm\.nih\.gov/(?:pmc/)?articles/|pmcid:\s?)?(PMC\d{1,9})/?",
        re.ASCII | re.IGNORECASE,
    ),
}
_UPPER = frozenset({"openalex", "pmcid"})


def doi(text: str) -> str | None:
    """The bare DOI in lower case that a DOI or its address stands for, or None. An arXiv DOI stays a DOI here."""
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    lead = _DOI_LEAD.match(text)
    if lead:
        text = text[lead.end() :]
        if lead[0].lower().startswith("http"):
            text = unquote(re.split(r"[?#]", text, maxsplit=1)[0])
            if "rxiv" in lead[0].lower():
                text = _PREPRINT_PAGE.sub("", text)
    match = _DOI.fullmatch(text)
    if not match:
        return None
    value = match[0].lower()
    while value[-1] in ".,;:'\"" or (
        value[-1] in _OPENING and value.count(value[-1]) > value.count(_OPENING[value[-1]])
    ):
        value = value[:-1]  # the punctuation of the sentence around it; "10.1016/s0(97)1" keeps its own
    return value if _DOI.fullmatch(value) and value.isprintable() else None


def identifiers(text: str) -> tuple[Identifier, ...]:
    """All the keys one string stands for, the most telling first; empty when it is no identifier."""
    text = text.strip()
    if len(text) > _LONGEST:
        return ()
    if found := arxiv(text):
        return (Identifier("arxiv", found[0]),)
    if value := doi(text):
        if _ACL_DOI.fullmatch(value):
            return (Identifier("doi", value), Identifier("acl", value.partition("/v1/")[2]))
        return (Identifier("doi", value),)
    for scheme, pattern in _SCHEMES.items():
        if match := pattern.fullmatch(text):
            value = match[1]
            if scheme in _UPPER:
                value = value.upper()
            elif scheme != "openreview":  # there the case tells papers apart
                value = value.lower()
            return (Identifier(scheme, value),)
    return ()
