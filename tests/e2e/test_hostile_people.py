"""People who attack: by comments, names, descriptions of themselves, groups and reasons. Nothing of it runs."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, BrowserContext

from broadsheet import library as door
from broadsheet.errors import Refused
from broadsheet.library import Library, Rules
from broadsheet.library.limits import LIMITS
from broadsheet.types import Actor, Role
from tests.conftest import NOW
from tests.crowd import joins
from tests.e2e.conftest import DESKTOP
from tests.e2e.site import SPECIAL, filling, payloads, served, site
from tests.e2e.test_hostile import visit
from tests.visitors import by_cookie

# Where Markdown puts what is written into it.
_WAYS = (
    "%s",
    "[x](%s)",
    "[x](<%s>)",
    '[x](https://example.org "%s")',
    "![x](%s)",
    "![%s](https://evil.example/x.png)",
    "<%s>",
    "`%s`",
    "```\n%s\n```",
    "``` %s\nx\n```",
    "[%s]: https://example.org\n\n[%s]",
    "$%s$",
    "$$%s$$",
    "> %s",
    "# %s",
    "@%s",
    "**%s**",
    "| %s |\n|--|\n| %s |",
    "&lt;%s&gt;",
    "https://example.org/%s",
    "http://example.org\\@%s",
)
UNLIMITED = {kind: replace(limit, times=0) for kind, limit in LIMITS.items()}
_TOGETHER = 20  # attempts in one comment


def attempts() -> list[str]:
    """Our attempts, each in three of the places that Markdown has, the same every time."""
    shuffle = random.Random(11)
    return [way.replace("%s", script) for script in payloads() for way in shuffle.sample(_WAYS, 3)]


@dataclass
class Attacked:
    """A place full of attempts: its address, the numbers of its comments, and the groups' names."""

    address: str
    comments: list[int]
    groups: list[str]


def _attack(library: Library) -> tuple[dict[str, Actor], list[int], list[str]]:
    scripts = payloads()
    actors = {name: joins(library, name) for name in ("eve", "mallory")}
    actors["mo"] = joins(library, "mo", Role.MODERATOR)
    for number, script in enumerate(scripts[:: len(scripts) // 40]):
        actor = joins(library, f"name{number}")
        actors[actor.name] = actor
        library.change_me(actor, about=f"{script}\n\n[x]({script})")
        try:
            library.change_me(actor, shown=script[:60])
        except Refused:  # a name of several lines, say
            library.change_me(actor, shown=" ".join(script.split())[:40])
    people = [actor for name, actor in actors.items() if name.startswith("name")]
    tried = attempts()
    comments = []
    for number in range(0, len(tried), _TOGETHER):
        text = "\n\n".join(tried[number : number + _TOGETHER])
        who, key = people[number // _TOGETHER % len(people)], f"2611.0000{1 + number // _TOGETHER % 2}"
        comments.append(library.comment(who, key, text).number)
    for number, script in zip(comments, scripts, strict=False):
        library.flag(actors["eve"], "comment", number, script)
        if number % 3 == 0:
            library.hide_comment(actors["mo"], number, script)
    library.ban(actors["mo"], "mallory", scripts[7])
    groups = []
    for script in scripts[:: len(scripts) // 12]:
        group = library.found(actors["eve"], " ".join(script.split())[:40] or "x", script)
        groups.append(group.name)
        library.comment(actors["eve"], None, script, group=group.name)
    return actors, comments, groups


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    home = tmp_path_factory.mktemp("attacked")
    second: dict[str, object] = {
        "id": "2611.00002",
        "title": "Hostile Teapots",
        "published": "2026-11-18",
        "authors": ["Emmy Noether"],
    }
    with door.open(home, clock=lambda: NOW, rules=Rules(limits=UNLIMITED)) as library:
        filling(library, SPECIAL, (second,))
        actors, comments, groups = _attack(library)
        with served(by_cookie(site(library), actors)) as address:
            yield Attacked(address, comments, groups)


@pytest.fixture(params=["mo", "eve", ""], ids=["a moderator", "a member", "a passer-by"])
def reader(request: pytest.FixtureRequest, browser: Browser, attacked: Attacked) -> Iterator[BrowserContext]:
    """A moderator, who sees what is hidden; one who flags and has groups; a passer-by."""
    made = browser.new_context(base_url=attacked.address, viewport=DESKTOP)
    if request.param:
        made.add_cookies([{"name": "who", "value": request.param, "url": attacked.address}])
    yield made
    made.close()


@pytest.fixture
def moderator(browser: Browser, attacked: Attacked) -> Iterator[BrowserContext]:
    """Who sees everything."""
    made = browser.new_context(base_url=attacked.address, viewport=DESKTOP)
    made.add_cookies([{"name": "who", "value": "mo", "url": attacked.address}])
    yield made
    made.close()


def test_there_are_enough_attempts() -> None:
    assert len(payloads()) > 300
    assert len(attempts()) > 900


@pytest.mark.parametrize("part", range(4))
def test_nothing_runs_in_any_comment(moderator: BrowserContext, attacked: Attacked, part: int) -> None:
    paths = [f"/comments/{number}" for number in attacked.comments[part::4]]
    visit(moderator, attacked.address, paths)
    shown = [moderator.request.get(path) for path in paths[:2]]
    assert {answer.status for answer in shown} == {200}
    assert all("window.hit=1" in answer.text() for answer in shown)  # the attempts are there, as text


def test_nothing_runs_where_people_talk(reader: BrowserContext, attacked: Attacked) -> None:
    threads = [
        f"/papers/2611.0000{number}{tail}" for number in (1, 2) for tail in ("", "/comments", "/comments?page=2")
    ]
    lists = ["/moderation", "/moderation?show=settled", "/moderation/log", "/inbox", "/submit", "/groups", "/people"]
    first = attacked.comments[0]
    asked = [f"/flag/comment/{first}", f"/comments/{first}/hide", f"/comments/{first}/history", "/moderation/ban/name3"]
    visit(reader, attacked.address, [*threads, *lists, *asked])


def test_nothing_runs_on_pages_about_people(moderator: BrowserContext, attacked: Attacked) -> None:
    visit(moderator, attacked.address, [f"/people/name{number}" for number in range(40)])


def test_nothing_runs_in_groups(browser: Browser, attacked: Attacked) -> None:
    context = browser.new_context(base_url=attacked.address, viewport=DESKTOP)
    context.add_cookies([{"name": "who", "value": "eve", "url": attacked.address}])
    tails = ("", "/discussion", "/members", "/shelf")
    visit(context, attacked.address, [f"/groups/{name}{tail}" for name in attacked.groups for tail in tails])
    context.close()


def test_nothing_runs_from_forms_that_give_back_what_was_typed(browser: Browser, attacked: Attacked) -> None:
    context = browser.new_context(base_url=attacked.address)
    context.add_cookies([{"name": "who", "value": "eve", "url": attacked.address}])
    page = context.new_page()
    ran: list[str] = []
    page.on("dialog", lambda dialog: ran.append(dialog.message))
    page.on("console", lambda note: ran.append(note.text) if "Content Security" in note.text else None)
    for path, box, press in (
        ("/papers/2611.00001", "Your comment", "Preview"),
        ("/submit", "A first comment", "Preview the comment"),
    ):
        for script in ("</textarea><script>window.hit=1</script>", *payloads()[::60]):
            page.goto(path)
            if page.get_by_label("arXiv id").count():
                page.get_by_label("arXiv id").fill(script)
            page.get_by_label(box).fill(script)
            page.get_by_role("button", name=press).click()
            page.locator(".preview, [role=alert]").first.wait_for()
            assert page.evaluate("window.hit") is None
    assert ran == []
    context.close()
