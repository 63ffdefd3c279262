"""The inbox: notices of answers, mentions, new versions, claims, moderation, groups and channels."""

from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said, tex
from broadsheet.library import Library
from broadsheet.permissions import require
from broadsheet.types import Notice, NoticeKind
from broadsheet.web import threads
from broadsheet.web.cards import path
from broadsheet.web.contexts import Link, Tab
from broadsheet.web.contexts.talk import InboxPage, NoticeLine
from broadsheet.web.forms import Form, whole
from broadsheet.web.press import Press, visitor
from broadsheet.web.talk.drafts import ASSETS

PAGE = 40  # notices

_WORDS = {
    NoticeKind.REPLY: "{by} answered you",
    NoticeKind.MENTION: "{by} mentioned you",
    NoticeKind.VERSION: "A new version of a paper you follow",
    NoticeKind.CLAIMED: "{by} commented on a paper you wrote",
    NoticeKind.MODERATION: "From the moderators",
    NoticeKind.GROUP: "From a group",
    NoticeKind.CHANNEL: "A channel of yours is switched off",
}


def inbox(library: Library, press: Press, request: Request) -> Response:
    """Notices, the newest first; reading the page changes nothing."""
    who = visitor(request)
    require(who.actor, "inbox")
    given = request.query_params
    new = given.get("show") == "new"
    found = library.notices(
        who.actor,
        unread=new,
        limit=PAGE + 1,
        before=whole(given.get("before", "")),
    )
    lines = [_line(notice) for notice in found[:PAGE]]
    count = library.unread(who.actor)
    frame = press.frame(request, f"Inbox · {press.site.title}", "What happened for you.", indexed=False, assets=ASSETS)
    page = InboxPage(
        frame,
        lines,
        said.count(count, "new notice") if count else "",
        tabs=[Tab("All", "/inbox", not new), Tab("New", "/inbox?show=new", new)],
    )
    if len(found) > PAGE:
        fields = {"show": "new"} if new else {}
        page.older = Link(f"/inbox?{urlencode({**fields, 'before': lines[-1].number})}", "Older notices")
    return press.page(request, page)


def read(library: Library, press: Press, request: Request, form: Form) -> Response:  # noqa: ARG001 - a handler's shape
    """Marks one notice as read, or all of them."""
    who, number = visitor(request), form.number("notice")
    library.mark_read(who.actor, None if number is None else [number])
    return RedirectResponse("/inbox?show=new" if form.word("show") == "new" else "/inbox", 303)


def _line(notice: Notice) -> NoticeLine:
    by = threads.person(notice.by).text if notice.by else "Somebody"
    words = _WORDS[notice.kind].format(by=by)
    return NoticeLine(
        notice.number,
        words,
        notice.text[:400],
        _about(notice),
        said.moment(notice.at),
        notice.at,
        new=notice.read is None,
    )


def _about(notice: Notice) -> Link | None:
    title = tex.plain(notice.paper.title)[:200] if notice.paper else ""
    if notice.comment:
        return Link(f"/comments/{notice.comment}", title or "The comment")
    if notice.circle:
        below = path(notice.paper.id) if notice.paper else ""
        return Link(f"/groups/{quote(notice.circle, safe='')}{below}", title or notice.circle)
    if notice.kind is NoticeKind.CHANNEL:
        return Link("/settings/channels", "Your channels")
    return Link(path(notice.paper.id), title) if notice.paper else None
