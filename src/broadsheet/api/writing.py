"""What programs write, at Hugging Face's addresses: with a personal access token, as a person with an account.

    POST   /api/papers/index               {"arxivId": "2407.21783"}: have the paper here
    POST   /api/papers/submit              {"paperId": "2407.21783", "comment": "..."}: put it into today's edition
    POST   /api/papers/{id}/upvote         vote; DELETE takes it back
    POST   /api/papers/{id}/comment        {"comment": "Markdown", "parent": 12}
    POST   /api/papers/{id}/links          {"githubRepo": "https://github.com/o/r", "projectPage": null}
    POST   /api/papers/{id}/comment/{n}/hide   {"reason": "..."}: for moderators
    GET    /api/papers/{id}/comments       the discussion
    GET    /api/whoami-v2                  whose token this is

The paths of votes are ours: theirs are written down nowhere.
"""

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.api import shapes
from broadsheet.api.answers import answer, error
from broadsheet.api.bodies import Body, actor, text_of
from broadsheet.errors import Forbidden, NotFound, Refused
from broadsheet.library import Library
from broadsheet.types import Comment, Scope, Vote

_LINKS = {"githubRepo": "code", "projectPage": "project"}
_WRITES = frozenset(Scope) - {Scope.READ}


def index(library: Library, request: Request, body: Body) -> Response:
    """Has a paper here, by its arXiv id or any other name, fetching it where it is not."""
    named = text_of(body, "arxivId", "paperId")
    if library.bring(actor(request), named) is None:
        raise NotFound(f"Nobody who was asked knows {named[:60]}, or not yet.")
    return answer({})


def submit(library: Library, request: Request, body: Body) -> Response:
    """Puts a paper into today's edition."""
    done = library.submit(
        actor(request), text_of(body, "paperId", "paper_id", "arxivId"), comment=text_of(body, "comment", default="")
    )
    told = {"state": done.state, "day": done.day, "note": done.note, "again": done.again}
    if done.paper is None:
        return answer(told, 202)
    return answer({"id": done.paper.id, "url": f"{request.base_url}papers/{done.paper.id}", **told})


def upvote(library: Library, request: Request, _body: Body) -> Response:
    """Votes for a paper, or takes the vote back."""
    up = request.method != "DELETE"
    return answer(_vote(library.vote(actor(request), request.path_params["id"].strip("/ "), up=up)))


def comment(library: Library, request: Request, body: Body) -> Response:
    """Says something of a paper."""
    parent = body.get("parent")
    if parent is not None and (not isinstance(parent, int) or isinstance(parent, bool)):
        raise Refused("“parent” is the number of the comment that this one answers.")
    text = text_of(body, "comment", "text")
    said = library.comment(actor(request), request.path_params["id"].strip("/ "), text, parent=parent)
    return answer(shapes.comment(said, str(request.base_url)), 201)


def hide(library: Library, request: Request, body: Body) -> Response:
    """Hides a comment, as a moderator."""
    library.hide_comment(actor(request), request.path_params["number"], text_of(body, "reason", default="by a program"))
    return answer({})


def links(library: Library, request: Request, body: Body) -> Response:
    """Sets a paper's code and project; null takes one away."""
    if body.get("organizationId") is not None:
        raise Refused("There are no organizations here: leave “organizationId” out.")
    named = {kind: body[name] for name, kind in _LINKS.items() if name in body}
    if wrong := next((name for name, kind in _LINKS.items() if not isinstance(named.get(kind), str | None)), None):
        raise Refused(f"“{wrong}” is an address, or null.")
    if not named:
        raise Refused(f"The body needs “{'” or “'.join(_LINKS)}”.")
    library.link(actor(request), request.path_params["id"].strip("/ "), named)
    return answer({})


def comments(library: Library, request: Request) -> Response:
    """The discussion of a paper, the oldest comment first, each with its replies."""
    found = library.comments(request.path_params["id"].strip("/ "), actor=actor(request))
    return answer([_thread(one, str(request.base_url)) for one in found])


def whoami(library: Library, request: Request) -> Response:
    """Whose token this is."""
    who = actor(request)
    if not who.person:
        return error(401, "Unauthorized", "Invalid credentials: send a personal access token of an account here.")
    person = library.person(who.name)
    role = "write" if who.scopes is None or who.scopes & _WRITES else "read"
    try:
        email = library.me(who).email
    except Forbidden:  # the token is not good for what is nobody else's business
        email = None
    return answer(
        {
            **shapes.user(person, str(request.base_url)),
            "id": str(person.number),
            "email": email,
            "emailVerified": email is not None,
            "canPay": False,
            "orgs": [],
            "auth": {
                "type": "access_token",
                "accessToken": {"displayName": who.name, "role": role, "scopes": sorted(who.scopes or Scope)},
            },
        }
    )


def _vote(vote: Vote) -> shapes.Json:
    return {"paper": vote.paper, "upvotes": vote.votes, "upvoted": vote.mine}


def _thread(one: Comment, base: str) -> shapes.Json:
    return {**shapes.comment(one, base), "replies": [_thread(reply, base) for reply in one.replies]}
