"""Comments: all of a paper's, one by itself, saying, answering, editing, and what a comment said before.

A text that cannot be taken is never lost; see `drafts`.
"""

from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said, tex
from broadsheet.errors import Forbidden, NotFound, Overtaken
from broadsheet.library import Library
from broadsheet.permissions import require
from broadsheet.types import Actor, Comment, Order
from broadsheet.web import cards, papers, threads
from broadsheet.web.contexts import FeedLink, Link
from broadsheet.web.contexts.talk import SayForm, TalkPage, Wording, WordingsPage
from broadsheet.web.forms import Form, whole
from broadsheet.web.press import Press, local, visitor
from broadsheet.web.talk import drafts
from broadsheet.web.talk.drafts import ASSETS
from broadsheet.web.threads import Place

WORDINGS = 12  # former texts of a comment that are shown


def number_of(request: Request) -> int:
    """The number in the address. Raises NotFound for what none can be."""
    number = whole(request.path_params["number"])
    if number is None:
        raise NotFound("There is nothing of this number.")
    return number


def every(library: Library, press: Press, request: Request) -> Response:
    """All that was said of a paper."""
    try:
        paper = library.paper(request.path_params["id"].strip("/ "))
    except NotFound:
        return papers.otherwise(library, press, request, "comments")
    here = papers.below(paper.id, "comments")
    if request.url.path != here:
        return RedirectResponse(here, 301)
    thread = threads.thread(library, visitor(request), paper.id, threads.asked(request.query_params, Place(here)))
    title = tex.plain(paper.title)[:200]
    frame = press.frame(
        request,
        f"Comments on {title} · {press.site.title}",
        f"What people say of {title}.",
        canonical=press.public(here),
        assets=ASSETS,
        feed=FeedLink(here, "What is said of this paper"),
    )
    return press.page(request, TalkPage(frame, "Comments", Link(cards.path(paper.id), title), thread))


def one(library: Library, press: Press, request: Request) -> Response:
    """One comment in full, with its answers."""
    who, number = visitor(request), number_of(request)
    comment = library.comment_of(who.actor, number)
    runs = threads.hides(library, who, comment.circle)
    place = threads.asked(request.query_params, Place(f"/comments/{number}", hides=runs))
    lines = threads.below(threads.flat(_tree(library, who.actor, comment)), number) or threads.flat([comment])
    thread = threads.shown(who, lines, place)
    thread.heading = "The comment and its answers" if len(lines) > 1 else "The comment"
    thread.closed, thread.sign_in = threads.closed(who, f"/comments/{number}")
    home = threads.home(comment)
    heading = f"Comment by {threads.person(comment.by).text}"
    frame = press.frame(
        request, f"{heading} · {press.site.title}", f"On {home.text}"[:300], indexed=not comment.circle, assets=ASSETS
    )
    thread.all = Link(threads.at(home.href, number), "In the whole conversation")
    return press.page(request, TalkPage(frame, heading, home, thread))


def _tree(library: Library, actor: Actor, comment: Comment) -> Sequence[Comment]:
    """The thread a comment stands in; none for a moderator who was shown it by a flag in somebody else's group."""
    try:
        if comment.paper is None:
            return library.discussion(actor, comment.circle, order=Order.OLDEST)
        return library.comments(comment.paper.id, actor=actor, order=Order.OLDEST, group=comment.circle)
    except NotFound:
        return []


def say(library: Library, press: Press, request: Request, form: Form, *, stale: bool = False) -> Response:
    """A comment on a paper, or to a group's discussion."""
    who, given = visitor(request), request.query_params
    key, group, text = given.get("paper"), given.get("group", ""), form.text("text")
    home = threads.home_of(key, group)
    draft = drafts.blank(who, f"/comments?{request.url.query}", _back(form, home.href), text)
    if stale:
        return drafts.refused(press, request, draft, home, drafts.old(who))
    if form.flag("preview"):
        return drafts.page(press, request, replace(draft, preview=drafts.preview(library, text)), home)
    try:
        made = library.comment(who.actor, key, text, group=group)
    except drafts.ANSWERED as error:
        return drafts.refused(press, request, draft, home, error)
    return RedirectResponse(threads.at(draft.back, made.number), 303)


def answer(library: Library, press: Press, request: Request, form: Form, *, stale: bool = False) -> Response:
    """An answer to a comment."""
    who, number, text = visitor(request), number_of(request), form.text("text")
    home = Link(f"/comments/{number}", "the comment it answers")
    draft = drafts.blank(who, f"/comments/{number}", _back(form, home.href), text, number=number)
    if stale:
        return drafts.refused(press, request, draft, home, drafts.old(who))
    try:
        parent = library.comment_of(who.actor, number)
        if form.flag("preview"):
            quote = threads.comment(who, parent, threads.SHORT, acts=False)
            shown = replace(draft, preview=drafts.preview(library, text))
            return drafts.page(press, request, shown, threads.home(parent), heading="Your answer", quote=quote)
        key = parent.paper.id if parent.paper else None
        made = library.comment(who.actor, key, text, parent=number, group=parent.circle)
    except drafts.ANSWERED as error:
        return drafts.refused(press, request, draft, home, error)
    return RedirectResponse(threads.at(draft.back, made.number), 303)


def editing(library: Library, press: Press, request: Request) -> Response:
    """The form to edit a comment of one's own."""
    who, comment = visitor(request), _mine(library, request)
    form = _edit(who.csrf, comment.number, comment.text, comment.edits)
    return drafts.page(press, request, form, threads.home(comment), heading="Edit your comment")


def edit(library: Library, press: Press, request: Request, form: Form, *, stale: bool = False) -> Response:
    """Changes a comment. Where somebody was faster, both texts are shown, and nothing is overwritten unseen."""
    who, number, text = visitor(request), number_of(request), form.text("text")
    home = Link(f"/comments/{number}", "the comment")
    draft = _edit(who.csrf, number, text, form.number("edit") or 0)
    if stale:
        return drafts.refused(press, request, draft, home, drafts.old(who))
    if form.flag("preview"):
        shown = replace(draft, preview=drafts.preview(library, text))
        return drafts.page(press, request, shown, home, heading="Edit your comment")
    try:
        comment = library.edit_comment(who.actor, number, text, edit=draft.edit or 0)
    except Overtaken as error:
        if error.present.strip() != text.strip():  # the same words twice: sent twice
            late = replace(draft, edit=error.edits, problem=str(error)[:600], theirs=error.present)
            return drafts.page(press, request, late, home, heading="Changed meanwhile", status=409)
        comment = library.comment_of(who.actor, number)
    except drafts.ANSWERED as error:
        return drafts.refused(press, request, draft, home, error)
    return RedirectResponse(threads.at(threads.home(comment).href, number), 303)


def history(library: Library, press: Press, request: Request) -> Response:
    """What a comment says, and all that it said before."""
    who, number = visitor(request), number_of(request)
    comment = library.comment_of(who.actor, number)
    former = sorted(library.comment_texts(who.actor, number), key=lambda text: text.edit, reverse=True)[:WORDINGS]
    room = threads.ROOM // (1 + len(former))
    texts = [(comment.text, comment.edited or comment.at), *((text.text, text.at) for text in former)]
    wordings = []
    for nth, (text, at) in enumerate(texts):
        html, _ = threads.words(replace(comment, text=text), room)
        label = "Now" if nth == 0 else "At first" if nth == len(texts) - 1 else "Before"
        wordings.append(Wording(label, said.moment(at), at, html))
    heading = f"All wordings of a comment by {threads.person(comment.by).text}"
    frame = press.frame(request, f"{heading} · {press.site.title}", heading, indexed=False, assets=ASSETS)
    about = Link(f"/comments/{number}", "The comment in its place")
    return press.page(request, WordingsPage(frame, heading, about, wordings))


def _mine(library: Library, request: Request) -> Comment:
    """The comment of the address, if whoever asks may edit it."""
    who = visitor(request)
    comment = library.comment_of(who.actor, number_of(request))
    require(who.actor, "edit", mine=comment.mine)
    if comment.deleted or comment.hidden:
        raise Forbidden("This comment was deleted or hidden, so it cannot be changed.")
    return comment


def _edit(csrf: str, number: int, text: str, edits: int) -> SayForm:
    return SayForm(
        id=f"edit-{number}",
        action=f"/comments/{number}/edit",
        csrf=csrf,
        label="What your comment says",
        button="Save",
        back=f"/comments/{number}",
        text=text,
        edit=edits,
        swap=f"#edit-{number}",
    )


def _back(form: Form, home: str) -> str:
    """Where the form stood, or the thread's own page."""
    return local(form.word("back") or home)
