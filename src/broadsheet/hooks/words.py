"""What a channel is sent: a message as JSON, which is what a webhook gets, and as the few lines that a chat gets.

Titles and names are others' words. In a chat they can be neither markup, nor a link, nor call somebody ("@everyone"),
and a message is as long as its service takes: what has no room is counted, and stands behind the link.
"""

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType

from broadsheet.errors import BadRecord

_TITLE, _AUTHORS, _WHY, _GIST = 240, 120, 120, 300  # characters of one paper in a chat
_MARKDOWN = re.compile(r"([\\`*_~|\[\]()#>])")
_MARKS = re.compile(r"([\[\]<>])")
_ALIKE = str.maketrans({"*": "\u2217", "`": "\u02cb", "\\": "\u2216"})
_CALL = re.compile(r"@(?=\w)")
_NO_WIDTH = "\u200b"


@dataclass(frozen=True, slots=True)
class Item:
    """A paper in a message: text of one line each, `url` a whole address. `why` says why it is there."""

    id: str
    title: str
    authors: str
    url: str
    why: str = ""
    gist: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent at a time. `type` is "digest", or "trial" for one that tries the channel.

    `title` says what it is, `note` what there is to say besides papers; `more` counts papers that are not in it, and
    `link` leads to the page that has them all.
    """

    type: str
    title: str
    papers: tuple[Item, ...] = ()
    note: str = ""
    more: int = 0
    link: str = ""
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Style:
    """How a service writes: markup, what a line ends with, how long a message may be and how that is counted."""

    form: str
    most: int
    size: Callable[[str], int]
    plain: Callable[[str], str]
    strong: Callable[[str], str]
    linked: Callable[[str, str], str]
    end: str = "\n"


def written(message: Message) -> str:
    """A message as the JSON that the outbox keeps and a webhook gets."""
    return json.dumps(asdict(message), ensure_ascii=False)


def read(text: str) -> Message:
    """What `written` wrote. Raises BadRecord."""
    try:
        found = json.loads(text)
        papers = tuple(
            Item(**{**one, "categories": tuple(one.get("categories", ()))}) for one in found.pop("papers", ())
        )
        return Message(**found, papers=papers)
    except (ValueError, TypeError, AttributeError, KeyError):
        raise BadRecord("What should be sent to this channel is no message.") from None


def trial(site: str) -> Message:
    """What tries a channel."""
    return Message(
        "trial", f"{site}: a message to try this channel", note="If you can read this, papers can come here."
    )


def chat(message: Message, kind: str) -> str:
    """A message as a chat of this kind writes it: never longer than the service takes."""
    style = STYLES[kind]
    lines = [style.strong(style.plain(_cut(message.title, _TITLE)))]
    if message.note:
        lines.append(style.plain(_cut(message.note, 2 * _TITLE)))
    shown = 0
    for item in message.papers:
        block = _block(item, style)
        rest = _rest(message, shown + 1, style)
        if style.size(style.end.join([*lines, "", *block, *rest])) > style.most:
            break
        lines += ["", *block]
        shown += 1
    return style.end.join([*lines, *_rest(message, shown, style)])


def _block(item: Item, style: Style) -> list[str]:
    title = _cut(item.title, _TITLE) or item.id
    if style.form == "text":
        lines = [style.plain(title), item.url]
    else:
        lines = [style.strong(style.linked(style.plain(title), item.url))]
    facts = " · ".join(filter(None, [_cut(item.authors, _AUTHORS), _cut(item.why, _WHY)]))
    return [*lines, *([style.plain(facts)] if facts else []), *_gist(item, style)]


def _gist(item: Item, style: Style) -> list[str]:
    """Where there is room for many papers, what they say in a sentence."""
    roomy = style.most >= STYLES["matrix"].most
    return [style.plain(_cut(item.gist, _GIST))] if item.gist and roomy else []


def _rest(message: Message, shown: int, style: Style) -> list[str]:
    """The last line: how many papers are not here, and the link."""
    left = message.more + len(message.papers) - shown
    if not left and (message.papers or not message.link):
        return []
    said = f"{left:,} more" if left else "There"
    if not message.link:
        return ["", style.plain(said)]
    return ["", f"{said}: {message.link}" if style.form == "text" else style.linked(said, message.link)]


def _cut(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _nobody_called(text: str) -> str:
    return _CALL.sub(f"@{_NO_WIDTH}", text)


def _markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", _nobody_called(text)).replace("<", "\\<")


def _mrkdwn(text: str) -> str:
    """Slack has no way to write its marks as themselves: others that look alike stand for them."""
    return _MARKS.sub(r"\\\1", _nobody_called(text).translate(_ALIKE))


def _card(text: str) -> str:
    """Teams: "<at>" calls somebody, and a backslash before "<" would be shown."""
    return _MARKDOWN.sub(r"\\\1", _nobody_called(text)).replace("<", f"<{_NO_WIDTH}")


def _tagged(text: str) -> str:
    return html.escape(_nobody_called(text), quote=True)


def _text(text: str) -> str:
    return text


def _units(text: str) -> int:
    """UTF-16 units, by which Telegram and Discord count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _markdown_link(text: str, url: str) -> str:
    return f"[{text}]({url.replace(' ', '%20').replace('(', '%28').replace(')', '%29')})"


def _anchor(text: str, url: str) -> str:
    return f'<a href="{html.escape(url, quote=True)}">{text}</a>'


def _stars(text: str) -> str:
    return f"**{text}**"


def _bold(text: str) -> str:
    return f"<b>{text}</b>"


STYLES: Mapping[str, Style] = MappingProxyType(
    {
        # 40,000 are cut off, and from 4,000 on Slack folds what is below.
        "slack": Style("markdown", 12_000, _units, _mrkdwn, _stars, _markdown_link),
        "discord": Style("markdown", 2_000, _units, _markdown, _stars, _markdown_link),
        # 28 kB with the card around it; a single end of line is none in a card.
        "teams": Style("markdown", 12_000, _bytes, _card, _stars, _markdown_link, "\n\n"),
        "telegram": Style("html", 4_096, _units, _tagged, _bold, _anchor),
        # 64 kB of one event, which holds the text twice.
        "matrix": Style("html", 12_000, _bytes, _tagged, _bold, _anchor, "<br>"),
        # 4,096 bytes; a longer one would become a file.
        "ntfy": Style("text", 4_000, _bytes, _text, _text, lambda text, url: f"{text} {url}"),
    }
)
"""The services' limits, by their own documentation, with room for what is put around a text."""
