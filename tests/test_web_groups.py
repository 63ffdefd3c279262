"""Pages of groups, asked as a browser asks, each time as somebody."""

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
import pytest

from broadsheet.library import Library
from broadsheet.types import ANYONE, Actor, Role
from tests.clients import TestClient
from tests.crowd import crowd, joins
from tests.e2e.site import SPECIAL, filled, mathematical, ordinary, site
from tests.visitors import asking

BUDGET = 60_000
CSRF = "only-our-pages-know"
PAPER = "2611.00001"

As = Callable[[Actor], TestClient]
Group = tuple[str, Actor, Actor, Actor]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with filled(tmp_path / "home", ordinary(30), SPECIAL) as opened:
        yield opened


@pytest.fixture
def group(library: Library) -> Group:
    """A group by name, who runs it, a member, and somebody outside."""
    ada, bob, eve = crowd(library, "ada", "bob", "eve")
    name = library.found(ada, "Sparse <readers>", "We count sheep.\nOn Wednesdays.").name
    library.join(bob, library.invite_to(ada, name))
    return name, ada, bob, eve


@pytest.fixture
def as_(library: Library) -> As:
    """A browser of somebody."""
    app = site(library)
    return lambda actor: TestClient(asking(app, actor, csrf="" if actor.role is None else CSRF), follow_redirects=False)


def post(client: TestClient, path: str, **fields: str) -> tuple[int, str, str]:
    """Sends a form of ours; gives the status, where it leads, and the page."""
    answer = client.post(path, data={"csrf": CSRF, **fields})
    return answer.status_code, answer.headers.get("location", ""), answer.text


def text(html: str) -> str:
    body = html.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", body).split()))


def test_a_group_is_founded_joined_by_a_link_and_left(library: Library, as_: As) -> None:
    ada, bob = crowd(library, "ada", "bob")
    assert "You are in no group yet" in text(as_(ada).get("/groups").text)
    code, where, _ = post(as_(ada), "/groups", shown="Sparse readers", about="Sheep.")
    assert (code, where.rpartition("-")[0]) == (303, "/groups/sparse-readers")
    code, _, page = post(as_(ada), f"{where}/links", days="3", uses="2")
    assert code == 200
    link = re.search(r"<code>(\S+)</code>", page)
    assert link
    path = urlsplit(link[1]).path
    assert path not in as_(ada).get(f"{where}/members").text  # it is shown once
    asked = text(as_(bob).get(path).text)
    assert asked.startswith("Join Sparse readers ? ada invites you to this reading group of 1 member.")
    assert library.circles(bob) == []  # looking changed nothing
    assert post(as_(bob), path)[:2] == (303, where)
    assert "You are in Sparse readers already" in text(as_(bob).get(path).text)
    assert "for 1 person more, until 23 November 2026" in text(as_(ada).get(f"{where}/members").text)
    assert "Leave Sparse readers?" in text(as_(bob).get(f"{where}/leave").text)
    assert post(as_(bob), f"{where}/leave")[:2] == (303, "/groups")
    assert as_(bob).get(where).status_code == 404
    code, _, page = post(as_(ada), f"{where}/links", days="900", uses="2")
    assert (code, "1 to 90 days" in text(page)) == (400, True)


def test_what_cannot_be_founded_is_given_back(library: Library, as_: As) -> None:
    code, _, page = post(as_(joins(library, "ada")), "/groups", shown="x" * 61, about="Kept <words>.")
    assert code == 400
    assert "too long" in text(page)
    assert "Kept &lt;words&gt;." in page


def test_the_edition_is_the_groups_own_beside_the_common_one(library: Library, as_: As, group: Group) -> None:
    name, ada, bob, _ = group
    at = f"/groups/{name}"
    code, where, _ = post(as_(bob), f"/vote?group={name}", up="2611.00120", back=at)
    assert (code, where) == (303, f"{at}#v2611.00120")
    assert library.paper("2611.00120").own_votes == 0
    code, where, _ = post(as_(ada), f"{at}/submissions", paper="arXiv:2611.00001", comment="Let us read this.")
    assert (code, where) == (303, f"{at}/papers/{PAPER}")
    page = as_(bob).get(at)
    titles = re.findall(r'<h2><a href="/papers/([^"]+)"', page.text)
    assert titles[:2] == [PAPER, "2611.00120"]
    seen = text(page.text)
    assert "Submitted here Discuss in the group not in the common edition" in seen
    assert "No. 20 in the common edition" in seen
    assert re.search(r'id="v2611.00120"[^>]*formaction="/vote\?group=', page.text)
    assert 'href="/date/2026-11-20"' in page.text
    assert text(as_(bob).get(f"{at}/week").text).startswith("Your groups Sparse <readers> Private: 2 members")
    for path in ("/week/2026-W47", "/month/2026-11", "/date/2026-11-18"):
        assert as_(bob).get(at + path).status_code == 200
    assert as_(bob).get(f"{at}/date/nonsense").status_code == 404
    assert as_(bob).get(f"{at}?page=9").headers["location"] == f"{at}?page=2"
    assert "Let us read this." in text(as_(bob).get(f"{at}/papers/{PAPER}").text)
    assert "Let us read this." not in text(as_(bob).get(f"/papers/{PAPER}").text)


def test_a_submission_that_cannot_be_taken_is_given_back(as_: As, group: Group) -> None:
    name, ada, _, _ = group
    code, _, page = post(as_(ada), f"/groups/{name}/submissions", paper="nonsense", comment="Kept <words>.")
    assert code == 400
    assert "Kept &lt;words&gt;." in page
    assert 'value="nonsense"' in page


def test_the_shelf_takes_papers_and_gives_them_back(library: Library, as_: As, group: Group) -> None:
    name, ada, bob, _ = group
    at = f"/groups/{name}/shelf"
    assert "Nothing stands here yet" in text(as_(ada).get(at).text)
    assert post(as_(bob), at, paper=PAPER, note="Read <it>.")[:2] == (303, at)
    seen = as_(ada).get(at)
    assert "bob" in text(seen.text)
    assert "Read &lt;it&gt;." in seen.text
    code, _, page = post(as_(bob), at, paper="2611.99999", note="Kept.")
    assert (code, "Submit it to the edition of the group first" in text(page), "Kept." in page) == (400, True, True)
    there = f"/groups/{name}/papers/{PAPER}"
    assert "On the shelf" in text(as_(ada).get(there).text)
    assert post(as_(ada), at, paper=PAPER, down="1", back=there)[:2] == (303, there)
    assert library.shelf(ada, name).total == 0
    assert post(as_(ada), at, paper=PAPER, back="//evil.example")[1] == "/"


def test_people_talk_in_the_group_and_nowhere_else(as_: As, group: Group) -> None:
    name, ada, bob, eve = group
    at = f"/groups/{name}/discussion"
    code, where, _ = post(as_(ada), f"/comments?group={name}", text="Shall we **meet**?", back=at)
    assert (code, where.partition("?")[0]) == (303, at)
    page = as_(bob).get(where.partition("#")[0]).text
    assert "<strong>meet</strong>" in page
    number = where.rpartition("#c")[2]
    code, _, _ = post(as_(bob), f"/comments/{number}", text="Yes.", back=at)
    assert code == 303
    assert "Yes." in text(as_(ada).get(at).text)
    assert as_(ada).get(f"/comments/{number}").status_code == 200
    for path in (f"/comments/{number}", f"/comments/{number}/history", at):
        assert as_(eve).get(path).status_code == 404
    assert post(as_(eve), f"/comments/{number}", text="Me too.", back="/")[0] == 404
    assert post(as_(eve), f"/comments?group={name}", text="Me too.", back="/")[0] == 404


def test_members_are_removed_and_groups_handed_on_when_it_is_said_again(as_: As, group: Group) -> None:
    name, ada, bob, _ = group
    at = f"/groups/{name}/members"
    assert "Remove bob from Sparse <readers>?" in text(as_(ada).get(f"{at}/bob/remove").text)
    assert "bob" in text(as_(ada).get(at).text)
    assert "Only who runs the group may" in text(as_(bob).get(f"{at}/ada/remove").text)
    assert post(as_(bob), f"{at}/ada/remove")[0] == 403
    assert post(as_(ada), f"{at}/bob/hand-on")[:2] == (303, at)
    assert as_(ada).get(f"/groups/{name}/rules").status_code == 403
    assert post(as_(bob), f"{at}/ada/remove")[:2] == (303, at)
    assert as_(ada).get(at).status_code == 404
    assert post(as_(bob), f"{at}/eve/remove")[0] == 404


def test_a_group_is_renamed_taken_along_dissolved_and_opened_again(as_: As, group: Group) -> None:
    name, ada, bob, _ = group
    at = f"/groups/{name}"
    assert post(as_(ada), f"{at}/rules", shown="Sparser readers", about="")[:2] == (303, at)
    assert "Sparser readers" in text(as_(bob).get(at).text)
    assert post(as_(ada), f"{at}/rules", shown="", about="")[0] == 400
    taken = as_(ada).get(f"{at}/export")
    assert json.loads(taken.text)["group"]["shown"] == "Sparser readers"
    assert taken.headers["content-disposition"] == f'attachment; filename="{name}.json"'
    assert taken.headers["cache-control"] == "private, no-store"
    assert as_(bob).get(f"{at}/export").status_code == 403
    assert "For 30 days you can open it again" in text(as_(ada).get(f"{at}/dissolve").text)
    assert post(as_(ada), f"{at}/dissolve")[:2] == (303, "/groups")
    assert as_(bob).get(at).status_code == 404
    assert "Sparser readers , kept until 20 December 2026" in text(as_(ada).get("/groups").text)
    assert post(as_(ada), "/groups/restore", name=name)[:2] == (303, at)
    assert as_(bob).get(at).status_code == 200


def test_administrators_close_groups_they_cannot_read(library: Library, as_: As, group: Group) -> None:
    name, ada, bob, eve = group
    root = joins(library, "root", Role.ADMINISTRATOR)
    page = as_(root).get("/groups/all").text
    number = str(library.group(ada, name).number)
    assert f"No. {number}, run by ada" in text(page)
    assert "parse" not in text(page)
    assert "/groups/all" in as_(root).get("/groups").text
    assert as_(eve).get("/groups/all").status_code == 403
    assert post(as_(eve), "/groups/all", group=number, reason="No.")[0] == 403
    assert post(as_(root), "/groups/all", group=number, reason="Complaints.")[0] == 303
    assert as_(bob).get(f"/groups/{name}").status_code == 404
    assert post(as_(root), "/groups/all", group=number, reason="Settled.", open="1")[0] == 303
    assert as_(ada).get(f"/groups/{name}").status_code == 200
    for wrong in ("", "x", "0"):
        assert post(as_(root), "/groups/all", group=wrong, reason="?")[0] == 404


@pytest.mark.parametrize("path", ["/groups", "/groups/x", "/groups/x/shelf", "/groups/join/x", "/groups/all"])
def test_a_passer_by_is_asked_to_sign_in_whatever_there_is(as_: As, path: str) -> None:
    answer = as_(ANYONE).get(path)
    assert answer.status_code == 401
    assert f'href="/sign-in?back={path}"' in answer.text.replace("%2F", "/")


def test_no_form_works_from_another_site(library: Library, as_: As, group: Group) -> None:
    name, ada, _, _ = group
    for path in ("", f"/{name}/shelf", f"/{name}/dissolve", f"/{name}/links", f"/{name}/rules"):
        answer = as_(ada).post(f"/groups{path}", data={"csrf": "guessed", "shown": "x", "paper": PAPER})
        assert answer.status_code == 403
    assert library.shelf(ada, name).total == 0


def test_every_page_is_sound_and_within_its_budget(library: Library, as_: As, group: Group) -> None:
    name, ada, bob, _ = group
    at = f"/groups/{name}"
    for number in range(30):
        library.shelve(ada, name, f"2611.{number + 101:05}", "<&> " * 250)
        library.comment(bob, PAPER, f"Words, {number}. " * 40, group=name)
    link = library.invite_to(ada, name)
    weight = len(as_(ada).get("/static/broadsheet.css").content) + len(as_(ada).get("/static/broadsheet.js").content)
    parser = html5lib.HTMLParser(strict=True)
    paths = ("", "/week", "/month", "/shelf", "/shelf?page=2", "/discussion", f"/papers/{PAPER}", "/members", "/rules")
    for path in (*(at + one for one in paths), "/groups", f"{at}/leave", f"/groups/join/{link}"):
        page = as_(ada).get(path, follow_redirects=True)
        assert page.status_code == 200, path
        parser.parse(page.text)
        own = re.findall(r'<link rel="stylesheet" href="(/static/[^"?]+)', page.text)[1:]
        size = len(page.content) + weight + sum(len(as_(ada).get(one).content) for one in own)
        assert size <= BUDGET, f"{path}: {size:,} bytes"
        assert '<meta name="robots" content="noindex">' in page.text
        assert page.headers["cache-control"] == "private, no-store"


def test_a_groups_month_of_formulas_stays_within_the_budget(tmp_path: Path) -> None:
    with filled(tmp_path / "home", mathematical()) as library:
        (ada,) = crowd(library, "ada")
        name = library.found(ada, "Ünïcode " * 7).name
        client = TestClient(asking(site(library), ada, csrf=CSRF))
        page = client.get(f"/groups/{name}/month/2026-10")
        files = re.findall(r'(?:href|src)="(/static/[^"?]+\.(?:css|js))', page.text)
        assert len(page.content) + sum(len(client.get(one).content) for one in set(files)) <= BUDGET
