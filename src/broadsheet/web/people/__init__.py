"""Pages of signing in, one's account, profiles.

signing    /sign-in and what is below it, /sign-out
settings   /settings: one's own account
keys       passkeys, sessions and tokens, below /settings
profiles   /people/…
running    /people and /invitations, for administrators
"""

from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from broadsheet.library import Library
from broadsheet.web.forms import Handler, posted
from broadsheet.web.people import keys, profiles, running, settings, signing
from broadsheet.web.people.settings import changing
from broadsheet.web.press import Press

Page = Callable[[Library, Press, Request], Response]


def routes(library: Library, press: Press) -> list[BaseRoute]:
    """Where these pages are."""

    def get(path: str, handler: Page) -> Route:
        return Route(path, partial(handler, library, press), methods=["GET"])

    def post(path: str, handler: Handler, kind: str = "") -> Route:
        return Route(path, posted(handler, library, press, kind=kind), methods=["POST"])

    return [
        get("/sign-in", signing.page),
        post("/sign-in", signing.ask, "sign-in"),
        get("/sign-in/sent", signing.sent),
        get("/sign-in/invited/{secret}", signing.invited),
        get("/sign-in/link/{token}", signing.link),
        post("/sign-in/link/{token}", signing.use),
        post("/sign-in/password", signing.password, "password"),
        post("/sign-in/passkey/options", signing.passkey_options, "passkey"),
        post("/sign-in/passkey", signing.passkey),
        post("/sign-out", signing.out),
        get("/settings", settings.page),
        post("/settings/profile", changing("profile", settings.profile)),
        post("/settings/notices", changing("notices", settings.notices)),
        post("/settings/email", changing("email", settings.email), "sign-in"),
        post("/settings/password", changing("password", settings.password), "password"),
        post("/settings/passkeys/options", keys.passkey_options),
        post("/settings/passkeys", changing("passkeys", keys.add_passkey)),
        post("/settings/passkeys/{number:int}/remove", changing("passkeys", keys.remove_passkey)),
        post("/settings/sessions/others/end", changing("sessions", keys.end_other_sessions)),
        post("/settings/sessions/{number:int}/end", changing("sessions", keys.end_session)),
        post("/settings/tokens", keys.make_token),
        post("/settings/tokens/{number:int}/end", changing("tokens", keys.end_token)),
        post("/settings/feeds", changing("feeds", settings.feeds)),
        get("/settings/export.json", settings.export),
        get("/settings/leave", settings.leave),
        post("/settings/leave", settings.gone),
        get("/people", running.people),
        get("/people/{name}", profiles.page),
        post("/people/{name}/role", profiles.role),
        post("/people/{name}/orcid", profiles.orcid),
        get("/invitations", running.invitations),
        post("/invitations", running.invite, "invite"),
        post("/invitations/{number:int}/withdraw", running.withdraw),
    ]
