"""Voting for papers and comments, and following papers.

What is sent says how it shall be, not that it shall change: pressing twice, or loading again, changes nothing.
"""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.errors import Refused
from broadsheet.library import Library
from broadsheet.web import cards, votes
from broadsheet.web.contexts.talk import VotePage
from broadsheet.web.forms import Form
from broadsheet.web.press import Press, local, visitor


def vote(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Votes, or takes a vote back; for a paper ("up", "down") or a comment ("like", "dislike")."""
    who = visitor(request)
    if key := form.word("up") or form.word("down"):
        group = request.query_params.get("group", "")
        button = votes.button(who, library.vote(who.actor, key, up=form.flag("up"), group=group), group=group)
    elif number := form.number("like") or form.number("dislike"):
        library.vote_comment(who.actor, number, up=form.flag("like"))
        found = votes.of_comment(who, library.comment_of(who.actor, number))
        if found is None:
            raise Refused("One does not vote for one's own comment.")
        button = found
    else:
        raise Refused("Vote for what? Go back and press the button of a paper or a comment.")
    if request.headers.get("x-swap"):
        return press.page(request, VotePage(press.frame(request, "Vote", "Vote", indexed=False), button))
    back = local(form.word("back") or "/").partition("#")[0]
    return RedirectResponse(f"{back}#{button.id}", 303)


def follow(library: Library, press: Press, request: Request, form: Form) -> Response:  # noqa: ARG001 - a handler's shape
    """Follows a paper, or no longer: whoever does is told of new versions."""
    who, key = visitor(request), form.word("on") or form.word("off")
    if not key:
        raise Refused("Follow what? Go back and press the button on a paper's page.")
    library.follow_paper(who.actor, key, on=form.flag("on"))
    return RedirectResponse(f"{cards.path(library.paper(key).id)}#acts", 303)
