"""Pages of votes, comments, submissions, notices, moderation.

    voting      /vote, /follow: buttons
    comments    /papers/…/comments, /comments/…: threads, saying, answering, editing, history
    asking      what is said twice before it is done: deleting, flagging, hiding, banning
    submitting  /submit
    inbox       /inbox
    moderation  /moderation, its log, and /papers/…/claim
    drafts      what was typed and is not sent yet

`thread` (with `Place`) makes the thread of a paper, for everybody or for a group, and `votes.buttons` the vote buttons
of a list: pages of groups use both.
"""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from broadsheet.library import Library
from broadsheet.types import Actor
from broadsheet.web.forms import Form, posted
from broadsheet.web.press import Press
from broadsheet.web.talk import asking, comments, inbox, moderation, submitting, voting
from broadsheet.web.threads import Place, thread

__all__ = ["Place", "routes", "thread"]

Page = Callable[[Library, Press, Request], Response]


class Asking(Protocol):
    """A page with a form that leads back to the page itself where it could not be taken."""

    def __call__(self, library: Library, press: Press, request: Request, *, form: Form | None = None) -> Response: ...


class Taking(Protocol):
    """Takes a form with a text of somebody's; one that has grown old is given back."""

    def __call__(
        self, library: Library, press: Press, request: Request, form: Form, *, stale: bool = False
    ) -> Response: ...


def routes(library: Library, press: Press) -> list[BaseRoute]:
    """Where these pages are."""

    def page(path: str, handler: Page, name: str) -> Route:
        return Route(path, partial(handler, library, press), name=name, methods=["GET"])

    def button(path: str, handler: Callable[[Library, Press, Request, Form], Response], kind: str = "") -> Route:
        return Route(path, posted(handler, library, press, kind=kind), methods=["POST"])

    def text(path: str, handler: Taking, kind: str) -> Route:
        def stale(library: Library, press: Press, request: Request, form: Form) -> Response:
            return handler(library, press, request, form, stale=True)

        return Route(path, posted(handler, library, press, kind=kind, stale=stale), methods=["POST"])

    def ask(path: str, handler: Asking, name: str, kind: str = "") -> list[Route]:
        def take(library: Library, press: Press, request: Request, form: Form) -> Response:
            return handler(library, press, request, form=form)

        return [page(path, handler, name), button(path, take, kind)]

    one = "/comments/{number}"
    return [
        button("/vote", voting.vote, "vote"),
        button("/follow", voting.follow),
        page("/papers/{id:path}/comments", comments.every, "comments"),
        *ask("/papers/{id:path}/claim", moderation.claiming, "claim", "claim"),
        text("/comments", comments.say, "comment"),
        page(one, comments.one, "comment"),
        text(one, comments.answer, "comment"),
        page(f"{one}/edit", comments.editing, "edit-comment"),
        text(f"{one}/edit", comments.edit, "comment"),
        page(f"{one}/history", comments.history, "comment-history"),
        *ask(f"{one}/delete", partial(asking.comment, asking.DELETE, _delete), "delete-comment"),
        *ask(f"{one}/hide", partial(asking.comment, asking.HIDE, _hide), "hide-comment"),
        *ask(f"{one}/restore", partial(asking.comment, asking.RESTORE, _restore), "restore-comment"),
        *ask("/flag/{kind}/{number}", asking.flag, "flag", "flag"),
        page("/submit", submitting.asked, "submit"),
        text("/submit", submitting.submit, "submit"),
        page("/inbox", inbox.inbox, "inbox"),
        button("/inbox", inbox.read),
        page("/moderation", moderation.queue, "moderation"),
        page("/moderation/log", moderation.log, "moderation-log"),
        button("/moderation/claims", moderation.decide),
        *ask("/moderation/flags/{number}", moderation.settle, "settle-flag"),
        *ask("/moderation/ban/{name}", partial(asking.person, asking.BAN, "ban"), "ban"),
        *ask("/moderation/unban/{name}", partial(asking.person, asking.UNBAN, "unban"), "unban"),
    ]


def _delete(library: Library, actor: Actor, number: int, reason: str) -> None:  # noqa: ARG001 - needs no reason
    library.delete_comment(actor, number)


def _hide(library: Library, actor: Actor, number: int, reason: str) -> None:
    library.hide_comment(actor, number, reason)


def _restore(library: Library, actor: Actor, number: int, reason: str) -> None:
    library.restore_comment(actor, number, reason)
