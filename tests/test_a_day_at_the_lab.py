"""A lab of five for a day: all do everything at once, through the whole site, and nothing is lost or told on."""

import random
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from broadsheet import ingest
from broadsheet.types import ANYONE
from tests.conftest import NOW
from tests.e2e.site import ordinary
from tests.papers import write_lines
from tests.place import Browser, Place, place

PEOPLE = ("ada", "bob", "cleo", "dora", "emil")
PAPERS = tuple(f"2611.{number + 101:05}" for number in range(6))
ROUNDS = 12


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path / "home") as made:
        path = write_lines(tmp_path / "papers.jsonl", list(ordinary(6)))
        ingest.import_file(made.library.catalogue, path, now=lambda: NOW)
        made.library.follow()
        yield made


def come(lab: Place) -> dict[str, Browser]:
    """Everybody signs in by a link in a letter."""
    browsers = {name: lab.browser(f"203.0.113.{number}") for number, name in enumerate(PEOPLE, start=10)}
    for name, browser in browsers.items():
        assert browser.signs_in(f"{name}@lab.example", name=name).status_code == 303
    return browsers


def gather(browsers: dict[str, Browser]) -> str:
    """Ada founds a group and sends a link, by which all but Emil come in at the same moment: the group's address."""
    ada = browsers["ada"]
    group = ada.post("/groups", "/groups", shown="Third floor").headers["location"]
    page = ada.post(f"{group}/links", f"{group}/members", days="3", uses="3").text
    found = re.search(r"<code>(\S+)</code>", page)
    assert found
    link = urlsplit(found[1]).path
    inside = [browsers[name] for name in PEOPLE[1:4]]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda browser: browser.post(link, link), inside))
    assert [(answer.status_code, answer.headers["location"]) for answer in answers] == [(303, group)] * 3
    assert browsers["emil"].get(link).status_code == 404  # three uses, three people
    return group


def spend_the_day(browser: Browser, name: str, group: str) -> tuple[dict[str, bool], dict[str, bool], list[str]]:
    """Votes and takes votes back, comments and submits, here and in the group. Gives what was acknowledged last."""
    chance = random.Random(name)
    csrf, circle = browser.csrf(), group.removeprefix("/groups/")
    common: dict[str, bool] = {}
    own: dict[str, bool] = {}
    said = []

    def send(path: str, **fields: str) -> None:
        answer = browser.client.post(
            path, data={"csrf": csrf, "back": "/", **fields}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status_code == 303, (path, fields, answer.text)

    for number in range(ROUNDS):
        key, up = chance.choice(PAPERS), chance.random() < 0.6
        send("/vote", **{"up" if up else "down": key})
        common[key] = up
        key, words = chance.choice(PAPERS), f"{name} says {number}"
        send(f"/comments?paper={key}", text=words)
        said.append(words)
        if name == "emil":
            continue
        key, up = chance.choice(PAPERS), chance.random() < 0.6
        send(f"/vote?group={circle}", **{"up" if up else "down": key})
        own[key] = up
        send(f"/comments?group={circle}", text=f"Among us, {words}")
        send(f"{group}/shelf", paper=key, note=f"{name}, {number}")
    return common, own, said


def test_five_people_do_everything_at_once(lab: Place) -> None:
    browsers = come(lab)
    group = gather(browsers)
    with ThreadPoolExecutor(len(PEOPLE)) as pool:
        days = dict(zip(PEOPLE, pool.map(lambda name: spend_the_day(browsers[name], name, group), PEOPLE), strict=True))
    library = lab.library
    for key in PAPERS:
        assert library.paper(key).own_votes == sum(common.get(key, False) for common, _, _ in days.values())
    everything = [text for key in PAPERS for text in texts(library.comments(key))]
    assert sorted(everything) == sorted(text for _, _, said in days.values() for text in said)
    ada = browsers["ada"]
    name = group.removeprefix("/groups/")
    actor, _ = library.session_actor(ada.key()) or (ANYONE, 0)
    for key in PAPERS:
        votes = library.votes([key], actor, group=name)[key].votes
        assert votes == sum(own.get(key, False) for _, own, _ in days.values())
    among = texts(library.discussion(actor, name))
    assert sorted(among) == sorted(f"Among us, {text}" for name in PEOPLE[:4] for text in days[name][2])
    assert library.shelf(actor, name).total == len({key for _, own, _ in days.values() for key in own})
    outside = browsers["emil"]
    for path in ("/", *(f"/papers/{key}" for key in PAPERS), "/inbox", "/trending", "/settings", "/people/ada"):
        seen = outside.get(path).text
        assert "Among us" not in seen
        assert "Third floor" not in seen
    assert [finding.message for finding in library.catalogue.verify(full=True) if finding.level != "ok"] == []


def texts(comments: list) -> list[str]:  # type: ignore[type-arg]
    return [one.text for one in comments] + [text for one in comments for text in texts(one.replies)]


def test_two_end_a_group_while_others_speak_in_it(lab: Place) -> None:
    browsers = come(lab)
    group = gather(browsers)
    csrf = {name: browsers[name].csrf() for name in PEOPLE}

    def send(who: str, path: str, **fields: str) -> int:
        return browsers[who].client.post(
            path, data={"csrf": csrf[who], "back": "/", **fields}, headers={"Sec-Fetch-Site": "same-origin"}
        ).status_code  # fmt: skip

    speaking = [("bob", f"/comments?group={group.removeprefix('/groups/')}", f"Words {n}.") for n in range(8)]
    with ThreadPoolExecutor(6) as pool:
        ends = [pool.submit(send, "ada", f"{group}/dissolve") for _ in range(2)]
        answers = [pool.submit(send, name, path, text=text) for name, path, text in speaking]
        codes = sorted(end.result() for end in ends)
        spoken = [answer.result() for answer in answers]
    assert codes == [303, 404]
    assert set(spoken) <= {303, 404}
    assert browsers["bob"].get(group).status_code == 404
    assert send("ada", "/groups/restore", name=group.removeprefix("/groups/")) == 303
    page = browsers["bob"].get(f"{group}/discussion").text
    # Whose group ended after their words were kept and before they were shown is told 404 too.
    assert [n for n, code in enumerate(spoken) if code == 303 and f"Words {n}." not in page] == []
