"""What stands in the head of a paper's page, for Zotero, Google Scholar, search engines and those who share links.

Highwire's citation_* tags are what Zotero's connector and Google Scholar read; Scholar needs a title, an author and
citation_publication_date, and wants names as "Last, First" in one tag each. With DC.type "preprint" Zotero makes a
preprint of the page, and with DC.publisher it names the repository; the name of a meeting makes a conference paper.
"""

import json
from dataclasses import replace
from typing import Any

from broadsheet import tex
from broadsheet.citing.names import Name, inverted, split
from broadsheet.citing.publication import publication
from broadsheet.types import Paper

MOST = 300  # authors, however short their names
NAMES, SOME = 6_000, 2_000  # characters of the names in citation_author, and in JSON-LD: a page has its budget
TEXT = 2_000  # characters of the abstract


def tags(paper: Paper, *, address: str = "") -> list[tuple[str, str]]:
    """Names and contents of the meta tags, as plain text. `address` is where the paper is shown here."""
    where = publication(paper, address)
    title, names = tex.plain(paper.title)[:500], _names(paper)
    abstract = tex.plain(paper.abstract or "")[:TEXT]
    # Scholar wants a whole day, or a year alone.
    published = paper.published or ""
    day = published.replace("-", "/") if published.count("-") > 1 else published[:4]
    found = [("citation_title", title)]
    for name, orcid in names:
        found.append(("citation_author", name))
        found += [("citation_author_orcid", f"https://orcid.org/{orcid}")] if orcid else []
    venue = {"article": "citation_journal_title", "conference": "citation_conference_title"}.get(where.kind, "")
    found += [
        ("citation_publication_date", day),
        ("citation_online_date", (paper.updated or "").replace("-", "/")),
        (venue, where.container),
        ("citation_doi", where.doi or ""),
        ("citation_arxiv_id", where.arxiv or ""),
        ("citation_pdf_url", f"https://arxiv.org/pdf/{where.arxiv}" if where.arxiv else ""),
        ("citation_abstract_html_url", address),
        ("citation_keywords", "; ".join(tex.plain(word)[:80] for word in paper.keywords[:20])),
        ("citation_abstract", abstract),
        ("DC.title", title),
        *(("DC.creator", name) for name, _ in names[:10]),
        ("DC.date", paper.published or ""),
        ("DC.type", "preprint" if where.kind == "preprint" else "text"),
        ("DC.publisher", "arXiv" if where.arxiv and where.kind == "preprint" else ""),
        ("DC.identifier", f"arXiv:{where.arxiv}" if where.arxiv else ""),
        ("DC.identifier", f"doi:{where.doi}" if where.doi else ""),
        ("DC.rights", paper.licence or ""),
        *(("DC.subject", code) for code in paper.categories[:10]),
    ]
    return [(name, content) for name, content in found if name and content]


def linked_data(paper: Paper, *, address: str = "", picture: str = "") -> str:
    """The paper as a ScholarlyArticle of schema.org, in JSON-LD that may stand in a script element as it is."""
    where = publication(paper, address)
    same = [f"https://arxiv.org/abs/{where.arxiv}"] if where.arxiv else []
    same += [f"https://doi.org/{where.doi}"] if where.doi else []
    names = {"arxiv": where.arxiv, "doi": where.doi}
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": tex.plain(paper.title)[:500],
        "author": [_person(name, orcid) for name, orcid in _names(paper, SOME, turned=False)],
        "datePublished": paper.published,
        "dateModified": paper.updated,
        "abstract": tex.plain(paper.abstract or "")[:TEXT],
        "keywords": [tex.plain(word)[:80] for word in paper.keywords[:20]],
        "url": address,
        "image": picture,
        "sameAs": same,
        "identifier": [
            {"@type": "PropertyValue", "propertyID": scheme, "value": value} for scheme, value in names.items() if value
        ],
        "isPartOf": {"@type": "PublicationIssue", "name": where.container} if where.container else None,
        "isAccessibleForFree": True if where.arxiv else None,
        "license": paper.licence if (paper.licence or "").startswith("https://") else None,
    }
    text = json.dumps({name: value for name, value in data.items() if value}, ensure_ascii=False)
    # Inside a script element nothing is unescaped but "</script" and "<!--" end or bend it.
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _person(name: str, orcid: str) -> dict[str, str]:
    person = {"@type": "Organization" if split(name).whole else "Person", "name": name}
    return {**person, "sameAs": f"https://orcid.org/{orcid}"} if orcid else person


def _tagged(name: Name) -> str:
    """ "King, Martin Luther Jr.": of what follows a second comma Zotero keeps nothing."""
    return inverted(replace(name, given=f"{name.given} {name.suffix}".strip(), suffix=""))


def _names(paper: Paper, room: int = NAMES, *, turned: bool = True) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for author in paper.authors[:MOST]:
        plain = tex.plain(author.name)[:200]
        name = _tagged(split(plain)) if turned else plain
        room -= len(name) + 40
        if not name or room < 0:
            continue
        found.append((name, author.orcid or ""))
    return found
