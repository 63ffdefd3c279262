"""Where a paper leads: its code, its project page, and what it has at Hugging Face.

Only what the paper itself says, in its links, abstract and comment. Hugging Face knows also who mentions the paper in
a model's card; that is not known here.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from broadsheet import tex
from broadsheet.types import Paper

_HUB = ("huggingface.co", "hf.co")
_OURS = ("arxiv.org", "doi.org", "dx.doi.org")  # the paper itself
_NOT_REPOS = frozenset(
    {"api", "blog", "chat", "collections", "docs", "enterprise", "join", "learn", "login", "models", "new", "papers"}
    | {"organizations", "posts", "pricing", "settings", "tasks"}
)
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


@dataclass(slots=True)
class Linked:
    """The first repository of code and the first page of the project, and the names of what is at Hugging Face."""

    code: str | None = None
    project: str | None = None
    models: list[str] = field(default_factory=list)
    datasets: list[str] = field(default_factory=list)
    spaces: list[str] = field(default_factory=list)


def linked(paper: Paper) -> Linked:
    """What a paper's links, abstract and comment lead to."""
    out = Linked()
    texts = [tex.plain(text) for text in (paper.abstract, paper.comment) if text]
    for address in (*paper.links, *(address for text in texts for address in tex.web_addresses(text))):
        try:
            parts = urlsplit(address.strip())
            host = (parts.hostname or "").removeprefix("www.")
        except ValueError:
            continue
        if parts.scheme not in ("http", "https") or "@" in parts.netloc or not _HOST.fullmatch(host) or host in _OURS:
            continue
        steps = [step for step in parts.path.split("/") if step]
        if host in _HUB:
            _at_the_hub(out, steps)
        elif tex.has_code([address], []):
            if len(steps) > 1:
                name = f"{steps[0]}/{steps[1].removesuffix('.git')}"
                out.code = out.code or f"https://{host}/{name}"
        else:
            out.project = out.project or parts.geturl()
    return out


def _at_the_hub(out: Linked, steps: list[str]) -> None:
    kinds = {"datasets": out.datasets, "spaces": out.spaces}
    names = kinds.get(steps[0]) if steps else None
    if names is not None:
        steps = steps[1:]
    elif steps and steps[0] not in _NOT_REPOS:
        names = out.models
    if names is None or len(steps) < 2 or not all(_NAME.fullmatch(step) for step in steps[:2]):
        return
    name = f"{steps[0]}/{steps[1]}"
    if name not in names:
        names.append(name)
