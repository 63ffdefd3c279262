"""A digest as a letter: subject, plain text, HTML, and the headers that lists have."""

import re
import textwrap
from urllib.parse import urlsplit

from broadsheet.mail import words
from broadsheet.mail.page import page
from broadsheet.mail.words import Item, Links, Place
from broadsheet.types import Digest, Form, Outgoing, Subscription, Wanted, Way

WIDTH = 72  # characters of a line of text
_LABEL = re.compile(r"[^a-z0-9]+")


def render(digest: Digest, place: Place, links: Links) -> Outgoing:
    """The letter of a digest; the same digest is always the same letter. `to` stays empty: the library fills it in.

    The subject is the place's name and what is sent, for which day: it can be filtered by, and no two are alike. The
    HTML part stays below the 102 kB at which Gmail cuts; it is empty where its reader wants text.
    """
    one = digest.subscription
    return Outgoing(
        key=digest.key,
        way=Way.MAIL,
        purpose="digest",
        to="",
        subject=f"{words.line(place.title, words.NAME)}: {words.heading(digest)}",
        text=_text(digest, place, links),
        html=page(digest, place, links) if one.form is Form.HTML else "",
        headers=_headers(one, place, links),
        subscriber=one.subscriber,
        subscription=one.number,
    )


def _text(digest: Digest, place: Place, links: Links) -> str:
    title = words.line(place.title, words.NAME)
    heading = words.headline(digest)
    lines = [title.upper(), heading, "=" * min(WIDTH, max(len(title), len(heading)))]
    for number, item in enumerate(words.items(digest, place), start=1):
        lines += ["", "", *_item(number, item)]
    if not digest.entries:
        lines += ["", *_filled(words.nothing(digest))]
    if left := words.more(digest):
        lines += ["", "", *_filled(left)]
        lines += [links.there] if links.there else []
    # The mark that mail programs know: what follows is a signature, and is left out of answers.
    lines += ["", "-- ", *_filled(words.because(digest.subscription, place))]
    if links.preferences:
        lines += ["", "Change what is sent, or pause it:", links.preferences]
    if links.unsubscribe:
        lines += ["", "Unsubscribe:", links.unsubscribe]
    return "\n".join(lines) + "\n"


def _item(number: int, item: Item) -> list[str]:
    mark = f"{number}. "
    lines = _filled(("WITHDRAWN: " if item.withdrawn else "") + item.title, mark, " " * len(mark))
    indent = " " * len(mark)
    lines += _filled(item.authors, indent)
    if item.gist:
        lines += ["", *_filled(item.gist, indent)]
    lines.append("")
    lines += _filled(item.why, indent)
    lines += _filled(" · ".join(item.facts), indent)
    return [*lines, f"{indent}{item.href}"]


def _filled(text: str, first: str = "", then: str | None = None) -> list[str]:
    """The text in lines; a long word keeps to one, so that an address can be followed."""
    indent = first if then is None else then
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _headers(one: Subscription, place: Place, links: Links) -> dict[str, str]:
    """What lists have (RFC 2919, 2369, 8058), and by what Gmail tells its senders of complaints."""
    host = urlsplit(place.address).hostname or "localhost"
    kind = one.wanted.value
    label = kind
    if one.wanted in (Wanted.GROUP, Wanted.QUERY):
        label = f"{kind}-{_LABEL.sub('-', one.value.casefold()).strip('-')[:50]}".rstrip("-")
    found = {"List-Id": f"<{label}.{host}>", "Feedback-ID": f"{label}:{kind}:digest:{_LABEL.sub('-', host)[:60]}"}
    if links.unsubscribe:
        found["List-Unsubscribe"] = f"<{links.unsubscribe}>"
        if links.unsubscribe.startswith("https://"):  # the only one that RFC 8058 lets programs post to
            found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if links.there:
        found["List-Archive"] = f"<{links.there}>"
    return found
