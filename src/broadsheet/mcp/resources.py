"""What an agent may read as documents: editions, papers, full texts; as Markdown, like the answers of the tools.

    broadsheet://edition/latest        broadsheet://edition/2026-11-20, /2026-W47, /2026-11
    broadsheet://trending
    broadsheet://paper/2406.09519      broadsheet://paper/hep-th/9901001
    broadsheet://text/2406.09519       its full text, whole

Resources that are named are few; the others follow from the templates.
"""

from urllib.parse import unquote

import mcp_types as protocol

from broadsheet.errors import NotFound
from broadsheet.mcp import quoting
from broadsheet.mcp.tools import Asking, finding, reading

SCHEME = "broadsheet://"
MARKDOWN = "text/markdown"
_LONGEST = 400  # characters of an address
_PAPERS = 50  # of an edition

LISTED = (
    protocol.Resource(
        name="latest edition",
        uri=f"{SCHEME}edition/latest",
        mime_type=MARKDOWN,
        description="The papers of the latest day, in the order of the front page.",
    ),
    protocol.Resource(
        name="trending",
        uri=f"{SCHEME}trending",
        mime_type=MARKDOWN,
        description="What trends this week, with the points of each paper.",
    ),
)
TEMPLATES = (
    protocol.ResourceTemplate(
        name="edition",
        uri_template=f"{SCHEME}edition/{{key}}",
        mime_type=MARKDOWN,
        description="The papers of a day (2026-11-20), a week (2026-W47) or a month (2026-11).",
    ),
    protocol.ResourceTemplate(
        name="paper",
        uri_template=f"{SCHEME}paper/{{+id}}",
        mime_type=MARKDOWN,
        description="What is known of a paper, by its arXiv id, DOI or other name.",
    ),
    protocol.ResourceTemplate(
        name="text",
        uri_template=f"{SCHEME}text/{{+id}}",
        mime_type=MARKDOWN,
        description="The full text of a paper, whole; it may be long.",
    ),
)


def read(asking: Asking, uri: str) -> str:
    """The document with this address. Raises NotFound, Unavailable."""
    kind, _, name = uri.removeprefix(SCHEME).partition("/")
    name = unquote(name).strip("/ ")
    if not uri.startswith(SCHEME) or len(uri) > _LONGEST or not (name or kind == "trending"):
        raise NotFound(f"There is no such resource. Addresses look like {SCHEME}paper/2406.09519.")
    if kind == "trending":
        return finding.trending(asking, finding.Trending(limit=_PAPERS)).text()
    if kind == "edition":
        key = "" if name == "latest" else name
        return finding.edition(asking, finding.ListEdition(key=key[:40], limit=_PAPERS)).text()
    if kind == "paper":
        return reading.read(asking, reading.Read(id=name[:300])).text()
    if kind == "text":
        return _text(asking, name)
    raise NotFound(f"There is no such resource. Kinds are edition, paper, text and trending, not “{kind[:40]}”.")


def editions(asking: Asking, beginning: str, most: int = 20) -> list[str]:
    """Keys of the latest editions of days that begin like this, for who types one."""
    found, key = [], finding.edition_of(asking, "", limit=1).key
    for _ in range(most * 3):
        found += [key] if key.startswith(beginning) else []
        before = finding.edition_of(asking, key, limit=1).previous
        if before is None or len(found) >= most:
            break
        key = before
    return found


def _text(asking: Asking, name: str) -> str:
    paper = asking.library.paper(name)
    whole = asking.texts(paper.id)
    if whole is None:
        raise NotFound(f"No full text of {paper.id} could be had as HTML.")
    return (
        f"Full text of {paper.id}, read at {whole.source} on {whole.read}.\n{quoting.NOTE}\n\n"
        f"{quoting.quoted(quoting.line(paper.title))}\n\n{quoting.quoted(quoting.lines(whole.markdown))}"
    )
