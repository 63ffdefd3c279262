"""The pages, asked as a browser asks, over a real library in a temporary home."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import html5lib
import pytest

from broadsheet.errors import Busy, Damaged
from broadsheet.library import Library
from tests.clients import TestClient
from tests.e2e.site import LONG, SPECIAL, filled, hostile, mathematical, ordinary, site

BUDGET = 60_000  # bytes of a page with all it links to, images aside
LISTS = (
    "/",
    "/?page=2",
    "/date/2026-11-20",
    "/date/2026-11-16",
    "/date/2026-11-15",
    "/week/2026-W47",
    "/month/2026-11",
    "/month/2026-11?page=2",
    "/month/2026-10",
    "/month/2026-09",
    "/search",
    "/search?q=sheep",
    "/search?q=rivers&since=2026-11&category=cs.LG&sort=date",
    "/search?q=qwxyz",
    "/search?q=hostile",
    "/search?q=sums",
)
PAPERS = (
    "/papers/2611.00001",
    "/papers/hep-th/9901001",
    "/papers/doi:10.1000/fold.7",
    "/papers/2611.00900",
    "/papers/2611.00901",
    "/papers/2611.00902",
    "/papers/2610.00101",
    "/papers/2609.00001",
)
TOPICS = (
    "/topics/sheep",
    "/authors/Ada%20Lovelace",
    "/categories/cs.LG",
    "/categories",
    "/trends",
    "/trends?q=sheep&q=%22rivers%22&q=qwxyz",
)
PROBLEMS = ("/topics/qwxyz", "/papers/2611.99999", "/date/2026-02-31", "/nothing/here")
PAGES = (*LISTS, *PAPERS, *TOPICS, "/about", *PROBLEMS)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    home = tmp_path_factory.mktemp("web")
    with filled(home, ordinary(), SPECIAL, hostile(), mathematical()) as opened:
        yield opened


@pytest.fixture
def client(library: Library) -> TestClient:
    return TestClient(site(library), follow_redirects=False)


@pytest.fixture
def nothing(tmp_path: Path) -> Iterator[TestClient]:
    with filled(tmp_path / "home") as opened:
        yield TestClient(site(opened), follow_redirects=False)


def text(html: str) -> str:
    """What a reader sees, white space folded."""
    body = html.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def links(html: str) -> list[str]:
    return [unquote(href.replace("&amp;", "&")).replace("+", " ") for href in re.findall(r'href="([^"]*)"', html)]


# Editions


def test_the_front_page_is_the_latest_edition(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    seen = text(page.text)
    assert seen.startswith("Friday, 20 November 2026 ← 45 papers")
    assert "Counting Sheep, Part 1" in seen
    assert "▲ 1 author 19 November 2026 40 votes elsewhere cs.LG cs.AI" in seen
    assert "2 authors 19 November 2026 39 votes elsewhere 1 comment" in seen
    assert " 0 votes" not in seen
    assert "/papers/2611.00101" in links(page.text)


def test_an_abstract_begins_on_the_card_and_opens_in_place(client: TestClient) -> None:
    page = client.get("/date/2026-11-20").text
    card = page.split("<article")[2]
    assert "Teapots are hard." in card
    assert "give away the gates" in card.partition("<details>")[2].partition("</details>")[0]


def test_an_edition_goes_on_over_pages(client: TestClient) -> None:
    seen = [re.findall(r"Part (\d+)<", client.get(f"/date/2026-11-20?page={page}").text) for page in (1, 2, 3)]
    assert [len(part) for part in seen] == [20, 20, 5]
    assert [int(number) for part in seen for number in part] == list(range(1, 46))
    assert 'href="/date/2026-11-20?page=2" rel="next"' in client.get("/date/2026-11-20").text
    assert 'href="/date/2026-11-20" rel="prev"' in client.get("/date/2026-11-20?page=2").text
    assert client.get("/date/2026-11-20?page=9").headers["location"] == "/date/2026-11-20?page=3"
    assert client.get("/date/2026-11-20?page=two").status_code == 200


def test_editions_lead_to_the_nearest_ones_and_to_other_lengths(client: TestClient) -> None:
    day = links(client.get("/date/2026-11-18").text)
    assert {"/date/2026-11-16", "/date/2026-11-19", "/week/2026-W47", "/month/2026-11"} <= set(day)
    week = client.get("/week/2026-W47").text
    assert "Week 47 of 2026 16 to 22 November 2026" in text(week)
    assert {"/week/2026-W41", "/month/2026-11"} <= set(links(week))
    assert text(client.get("/month/2026-11").text).startswith("November 2026")


@pytest.mark.parametrize(
    ("path", "to"), [("/date", "/date/2026-11-20"), ("/week", "/week/2026-W47"), ("/month", "/month/2026-11")]
)
def test_a_length_alone_leads_to_the_newest(client: TestClient, path: str, to: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (302, to)


def test_a_day_without_papers_says_so_and_leads_on(client: TestClient) -> None:
    page = client.get("/date/2026-11-15")
    assert page.status_code == 200
    assert "0 papers" in text(page.text)
    assert "Sunday" in text(page.text)
    assert {"/date/2026-10-05", "/date/2026-11-16"} <= set(links(page.text))


@pytest.mark.parametrize(
    "path",
    [
        "/date/2026-02-31",
        "/date/2026-11-2",
        "/date/20261120",
        "/date/x",
        "/week/2026-W60",
        "/week/2026-47",
        "/month/2026-13",
        "/month/26",
    ],
)
def test_a_day_that_cannot_be_is_not_found_and_help_is_offered(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 404
    assert "an address looks like" in text(page.text)
    assert "/" in links(page.text)


def test_a_day_that_cannot_be_leads_to_its_month(client: TestClient) -> None:
    assert "/month/2026-11" in links(client.get("/date/2026-11-31").text)
    assert "/month/2026-09" in links(client.get("/date/2026-08-99").text)


def test_an_empty_catalogue_says_what_to_do(nothing: TestClient) -> None:
    page = nothing.get("/")
    assert page.status_code == 200
    assert "broadsheet import papers.jsonl" in text(page.text)
    assert "broadsheet import --starter" in text(page.text)
    for path in ("/week", "/search?q=sheep", "/about", "/date/2026-11-20"):
        assert nothing.get(path).status_code in (200, 302)


# Search


def test_search_finds_counts_and_marks(client: TestClient) -> None:
    page = client.get("/search", params={"q": "sparse attention sheep"}).text
    assert re.search(r"\d+ papers?, (\d+|under 1) ms", text(page))
    assert links(page.partition("<article")[2])[0] == "/papers/2611.00001"
    assert "<mark>Sparse</mark> <mark>Attention</mark>" in page
    assert 'value="sparse attention sheep"' in page


def test_search_narrows_by_date_and_category_and_sorts(client: TestClient) -> None:
    every = int(re.search(r"(\d+) papers,", text(client.get("/search?q=sheep").text))[1])  # type: ignore[index]
    some = int(re.search(r"(\d+) papers?,", text(client.get("/search?q=sheep&category=cs.lg").text))[1])  # type: ignore[index]
    assert 0 < some < every
    page = client.get("/search?q=sheep&since=2026-11-19&until=2026-11-19&category=cs.LG&sort=date").text
    assert 'value="cs.LG"' in page
    assert 'value="2026-11-19"' in page
    assert '<option value="date" selected>' in page
    assert "2611.00001" not in page
    assert "without the filters" in page


def test_pages_past_the_first_keep_the_question(client: TestClient) -> None:
    first = client.get('/search?q=part "hard"&sort=date&since=2026').text
    onward = next(link for link in links(first) if "page=2" in link)
    assert onward == '/search?q=part "hard"&since=2026&sort=date&page=2'
    second = client.get(onward).text
    assert "Page 2 of 3" in text(second)
    assert not set(re.findall(r"/papers/[\d.]+", first)) & set(re.findall(r"/papers/[\d.]+", second))
    assert client.get(onward.replace("page=2", "page=77")).headers["location"].endswith("page=3")


@pytest.mark.parametrize("query", ["2611.00001", "arXiv:2611.00001v2", "https://doi.org/10.1000/SHEEP.1"])
def test_an_identifier_leads_straight_to_the_paper(client: TestClient, query: str) -> None:
    answer = client.get("/search", params={"q": query})
    assert (answer.status_code, answer.headers["location"]) == (302, "/papers/2611.00001")


def test_nothing_found_is_followed_by_advice(client: TestClient) -> None:
    page = client.get("/search", params={"q": '"qwxyz vwxyz" -sheep author:nobody', "since": "2026"}).text
    seen = text(page)
    for advice in ("Take away the dates", "quotation marks", "what you excluded", "family name only", "spelling"):
        assert advice in seen
    unknown = client.get("/search?q=2611.99999").text
    assert "https://arxiv.org/abs/2611.99999" in unknown


def test_what_cannot_be_used_is_said_and_left_out(client: TestClient) -> None:
    page = client.get("/search?q=sheep&since=2026-02-31&category=cs.LG,teapots&sort=fame&page=-3")
    assert page.status_code == 200
    assert "“2026-02-31” is no date" in text(page.text)
    assert "no category “teapots”" in text(page.text)
    assert 'value="cs.LG"' in page.text


@pytest.mark.parametrize(
    "query", ["", " ", '"', "((((", "author:", "\x00\u202e", "%" * 50, "a" * 9_000, "🐑", "NOT", "-", "title:"]
)
def test_any_query_has_an_answer(client: TestClient, query: str) -> None:
    page = client.get("/search", params={"q": query})
    assert page.status_code == 200
    assert "How to ask" in page.text
    html5lib.HTMLParser(strict=True).parse(page.text)


def test_filters_alone_are_a_question_too(client: TestClient) -> None:
    assert "Strings that Remember" in client.get("/search?category=hep-th").text


# Papers


def test_a_paper_says_all_that_is_known(client: TestClient) -> None:
    page = client.get("/papers/2611.00001").text
    seen = text(page)
    for fact in (
        "Machine Learning", "Kurt Gödel", "Published 17 November 2026", "Updated 18 November 2026",
        "v2, 18 November 2026 (of 2)", "12 pages", "Journal of Invented Results 7 (2026)", "CC BY 4.0", "cs.CL",
        "A herd is counted", "Where this comes from", "arxiv:2611.00001", "doi:10.1000/sheep.1",
    ):  # fmt: skip
        assert fact in seen
    assert "<math>" in page.partition("<h1")[2].partition("</h1>")[0]


def test_a_paper_leads_to_its_text_code_and_project(client: TestClient) -> None:
    to = links(client.get("/papers/2611.00001").text)
    for address in (
        "https://arxiv.org/abs/2611.00001", "https://arxiv.org/pdf/2611.00001", "https://doi.org/10.1000/sheep.1",
        "https://github.com/invented/sheep", "https://gitlab.com/invented/gates", "https://sheep.example.org/demo",
        "https://huggingface.co/invented/sheep", "http://creativecommons.org/licenses/by/4.0/",
    ):  # fmt: skip
        assert address in to
    assert not any("javascript" in address for address in to)


def test_an_author_leads_to_their_papers(client: TestClient) -> None:
    page = client.get("/papers/2611.00001").text
    address = next(link for link in links(page) if "Lovelace" in link)
    assert address == "/authors/Ada Lovelace"
    assert "Ada Lovelace</h1>" in client.get(address).text


def test_papers_of_every_kind_of_name_have_a_page(client: TestClient) -> None:
    assert "withdrawn" in text(client.get("/papers/hep-th/9901001").text)
    summary = text(client.get("/papers/doi:10.1000/fold.7").text)
    assert "8 authors" in summary
    assert "October 2026" in summary
    assert "In brief Maps fold badly" in summary
    assert "not the authors" in summary
    found = client.get("/search?q=lanterns+without+a+number").text
    address = next(link for link in links(found) if link.startswith("/papers/bs:"))
    assert "Lanterns without a Number" in text(client.get(address).text)
    assert re.search(r"Published 2025\b", text(client.get(address).text))


@pytest.mark.parametrize("key", ["2611.00001v1", "arXiv:2611.00001", "10.1000/Sheep.1", "2611.00001/"])
def test_another_name_of_a_paper_leads_to_its_address_for_good(client: TestClient, key: str) -> None:
    answer = client.get(f"/papers/{key}")
    assert (answer.status_code, answer.headers["location"]) == (301, "/papers/2611.00001")


def test_seven_hundred_authors_fit_on_a_page(client: TestClient) -> None:
    page = client.get("/papers/2611.00900").text
    assert page.count('href="/authors/') == 60
    assert "Gardener 61" in page
    assert "and 640 more" in text(page)
    assert "700 authors" in text(client.get("/date/2026-11-16").text)


def test_a_paper_that_is_not_here_may_be_elsewhere(client: TestClient) -> None:
    page = client.get("/papers/2611.99999")
    assert page.status_code == 404
    assert "https://arxiv.org/abs/2611.99999" in links(page.text)
    assert "/search?q=a-title-perhaps" in links(client.get("/papers/a-title-perhaps").text)


def test_reference_managers_are_told(client: TestClient) -> None:
    page = client.get("/papers/2611.00001").text
    for name, content in (
        ("citation_title", "Counting Sheep with Sparse Attention in O(n log n)"),
        ("citation_author", "Gödel, Kurt"),
        ("citation_publication_date", "2026/11/17"),
        ("citation_doi", "10.1000/sheep.1"),
        ("citation_arxiv_id", "2611.00001"),
        ("citation_pdf_url", "https://arxiv.org/pdf/2611.00001"),
        ("DC.type", "preprint"),
    ):
        assert f'<meta name="{name}" content="{content}">' in page


def test_the_public_address_is_told_where_it_is_known(library: Library) -> None:
    page = TestClient(site(library, address="https://papers.example.org/")).get("/papers/hep-th/9901001").text
    assert '<link rel="canonical" href="https://papers.example.org/papers/hep-th/9901001">' in page


def test_no_link_of_ours_is_broken(client: TestClient) -> None:
    pages = ("/", "/search?q=kites", "/papers/2611.00001", "/about", "/date/2026-11-16", "/papers/2611.99999")
    ours = {link for path in pages for link in re.findall(r'href="(/[^"]*)"', client.get(path).text)}
    assert any("SICI".lower() in link for link in ours)
    for link in sorted(ours):
        if re.search(r"\.(md|atom|rss|json)(\?|$)", link) and ".csl." not in link:  # those are other faces'
            continue
        assert client.get(link.replace("&amp;", "&")).status_code in (200, 302, 401), link  # 401: signing in helps


# Every page


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_valid_and_says_what_it_is(client: TestClient, path: str) -> None:
    page = client.get(path)
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page.text)
    assert tree.attrib["lang"] == "en"
    assert len(tree.find("head/title").text) > 10
    assert len(tree.find("head/meta[@name='description']").attrib["content"]) > 15
    assert len(tree.findall(".//h1")) == 1
    assert len(tree.findall(".//main")) == 1
    identifiers = [node.attrib["id"] for node in tree.iter() if "id" in node.attrib]
    assert len(identifiers) == len(set(identifiers))


def test_every_page_has_a_title_of_its_own(client: TestClient) -> None:
    titles = [re.search("<title>(.*)</title>", client.get(path).text)[1] for path in (*LISTS, *PAPERS, "/about")]  # type: ignore[index]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("size", [1, 20, 25, 100])
def test_every_page_stays_within_its_bytes(library: Library, size: int) -> None:
    client = TestClient(site(library, page_size=size))
    for path in PAGES:
        page = client.get(path)
        linked = set(re.findall(r'(?:href|src)="(/static/[^"]*\.(?:css|js)[^"]*)"', page.text))
        assert len(linked) >= 2
        whole = len(page.content) + sum(len(client.get(address).content) for address in linked)
        assert whole < BUDGET, path


@pytest.mark.parametrize("query", ["羊" * 2_000, "sheep " * 1_500, "é&<" * 3_000])
def test_a_long_query_stays_within_its_bytes(client: TestClient, query: str) -> None:
    page = client.get("/search", params={"q": query, "since": "2026", "category": "cs.LG math.CO stat.ML"})
    assert page.status_code == 200
    assert "too long" in text(page.text)
    assert len(page.content) < 45_000


@pytest.mark.parametrize("path", ["/papers/", "/date/", "/", "/?page=1&x="])
def test_a_long_address_stays_within_its_bytes(client: TestClient, path: str) -> None:
    assert len(client.get(path + "x" * 30_000).content) < 45_000


def test_a_huge_abstract_is_cut_and_says_so(tmp_path: Path) -> None:
    huge: tuple[dict[str, object], ...] = (
        {"id": "2611.00001", "title": "T" * 1_900, "abstract": "word $x^2$ " * 4_500, "published": "2026-11-20"},
    )
    with filled(tmp_path / "home", huge) as opened:
        client = TestClient(site(opened))
        for path in ("/", "/papers/2611.00001", "/search?q=word"):
            assert len(client.get(path).content) < 45_000
        assert "too long for a page" in text(client.get("/papers/2611.00001").text)


@pytest.mark.parametrize(
    "path", [*PAGES, "/static/broadsheet.css", "/healthz", "/robots.txt", "/static/no.css", "/week"]
)
def test_every_answer_carries_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "referrer-policy" in headers
    assert "strict-transport-security" not in headers


def test_secure_transport_is_asked_for_where_it_is_used(library: Library) -> None:
    client = TestClient(site(library), base_url="https://papers.example.org")
    assert "strict-transport-security" in client.get("/").headers
    assert "Secure" in client.post("/theme", data={"to": "dark"}, follow_redirects=False).headers["set-cookie"]


def test_what_a_browser_has_does_not_travel_again(client: TestClient) -> None:
    for path in ("/", "/papers/2611.00001", "/static/broadsheet.css"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert "content-security-policy" in again.headers
    assert client.get("/", headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_assets_are_kept_for_ever_under_their_hash_only(client: TestClient) -> None:
    address = re.search(r'href="(/static/broadsheet\.css\?v=\w+)"', client.get("/").text)[1]  # type: ignore[index]
    assert "immutable" in client.get(address).headers["cache-control"]
    assert "immutable" not in client.get("/static/broadsheet.css?v=old").headers["cache-control"]
    for path in ("/static/none.css", "/static/../press.py", "/static/%2e%2e%2fpress.py", "/static/"):
        assert client.get(path).status_code == 404


def test_pages_travel_compressed(client: TestClient) -> None:
    assert client.get("/", headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"


def test_small_answers(client: TestClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert "Disallow: /search" in client.get("/robots.txt").text
    assert client.head("/").status_code == 200
    assert client.get("/static/broadsheet.svg").headers["content-type"] == "image/svg+xml"


def test_about_tells_the_figures(client: TestClient, library: Library) -> None:
    seen = text(client.get("/about").text)
    assert f"Papers {library.status().papers:,}" in seen
    assert "Friday, 20 November 2026" in seen
    assert "Last import 20 November 2026, 12:00 UTC" in seen


# Theme


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_theme_is_remembered_and_leads_back(client: TestClient, theme: str) -> None:
    answer = client.post("/theme", data={"to": theme, "back": "/search?q=sheep&page=2"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=sheep&page=2")
    assert "SameSite=lax" in answer.headers["set-cookie"]
    assert f'data-theme="{theme}"' in client.get("/").text


def test_an_unknown_theme_is_the_systems(client: TestClient) -> None:
    client.cookies.set("theme", '"><script>')
    assert "data-theme" not in client.get("/").text
    assert 'theme=""' in client.post("/theme", data={"to": "pink"}).headers["set-cookie"]


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example",
        "///evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\n/evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "x",
        "",
    ],
)
def test_the_way_back_never_leaves_the_site(client: TestClient, back: str) -> None:
    assert client.post("/theme", data={"to": "dark", "back": back}).headers["location"] == "/"


def test_only_our_own_form_sets_the_theme(client: TestClient) -> None:
    def post(**headers: str) -> int:
        return client.post(
            "/theme", data={"to": "dark"}, headers={k.replace("_", "-"): v for k, v in headers.items()}
        ).status_code

    assert post(Sec_Fetch_Site="cross-site") == 403
    assert post(Sec_Fetch_Site="same-site") == 403
    assert post(Origin="https://evil.example") == 403
    assert post(Origin="http://testserver") == 303
    assert post(Sec_Fetch_Site="same-origin") == 303
    assert client.post("/theme", content=b"x" * 20_000).status_code == 413
    for method, path, allowed in (
        ("GET", "/theme", "POST"),
        ("POST", "/", "GET, HEAD"),
        ("PUT", "/sign-in", "GET, HEAD, POST"),
    ):
        refused = client.request(method, path)
        assert (refused.status_code, refused.headers["allow"]) == (405, allowed), path


# Failures


class Broken:
    """A library in which every verb fails."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name: str) -> object:
        def fail(*arguments: object, **options: object) -> object:
            raise self.error

        return fail


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (Busy("Another process is importing."), 503, "Another process is importing."),
        (Damaged("page 7 of catalogue.db is torn"), 500, "broadsheet doctor"),
        (RuntimeError("secret detail"), 500, "our fault"),
    ],
)
def test_failures_have_a_page_that_says_what_helps(error: Exception, status: int, says: str) -> None:
    client = TestClient(site(Broken(error)), raise_server_exceptions=False)  # type: ignore[arg-type]
    for path in ("/", "/search?q=x", "/papers/2611.00001", "/about"):
        page = client.get(path)
        assert page.status_code == status
        assert says in text(page.text)
        assert "secret" not in page.text
        assert "torn" not in page.text
        assert "content-security-policy" in page.headers


# Hostile papers

_OURS = {"script": {"src", "defer", "type"}, "link": {"rel", "href", "type", "title"}}


@pytest.mark.parametrize(
    "path", ["/month/2026-09", "/search?q=hostile&category=cs.CR", "/papers/2609.00001", "/papers/2609.00121"]
)
def test_nothing_of_a_paper_becomes_markup(client: TestClient, path: str) -> None:
    tree = html5lib.parse(client.get(path).text, namespaceHTMLElements=False)
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        name = node.tag.rpartition("}")[2]
        assert name not in {"img", "svg", "iframe", "style", "base", "object", "embed", "video", "audio", "table", "x"}
        if name in _OURS:
            assert set(node.attrib) <= _OURS[name]
            ours = ("/static/", "/papers/", "/opensearch.xml", "http://purl.org/dc/", "/month/2026-09.", "/search.")
            assert all(node.attrib[key].startswith(ours) for key in ("src", "href") if key in node.attrib)
        for attribute, value in node.attrib.items():
            assert not attribute.startswith("on")
            assert attribute != "style"
            if attribute in ("href", "src", "action"):
                assert re.match(r"https?://|/(?!/)|#", value), value


def test_the_long_text_is_whole_on_the_papers_page(client: TestClient) -> None:
    seen = text(client.get("/papers/2611.00101").text)
    assert LONG.rpartition(". ")[2] in seen


def test_results_say_why_they_are_here_and_can_be_found_by_words_alone(client: TestClient) -> None:
    page = text(client.get("/search?q=sheep").text)
    assert "has sheep" in page
    assert "near in meaning: " in page
    words = client.get("/search?q=sheep&mode=keyword").text
    assert "near in meaning" not in text(words)
    assert '<option value="keyword" selected>' in words
    assert client.get("/search?q=sheep&mode=nonsense").status_code == 200


def test_a_paper_names_its_neighbours(client: TestClient) -> None:
    page = client.get("/papers/2611.00001").text
    near = page.partition("Near in meaning")[2].partition("</ul>")[0]
    links = re.findall(r'href="(/papers/[^"]+)"', near)
    assert 0 < len(links) <= 6
    assert "/papers/2611.00001" not in links
    assert {client.get(link).status_code for link in links} == {200}


def test_results_can_be_narrowed_by_links_that_keep_their_promise(client: TestClient) -> None:
    for path in ("/search?q=sheep", "/search?q=sheep&since=2026-11&category=cs.LG", "/search?category=cs.LG"):
        page = client.get(path).text
        facets = page.partition('<nav class="facets"')[2].partition("</nav>")[0]
        promised = re.findall(r'<li><a href="([^"]*)"[^>]*>[^<]*</a> <span>([\d,]+)</span>', facets)
        assert promised or "<article" not in page
        for href, count in promised[::5]:
            found = text(client.get(href.replace("&amp;", "&")).text)
            assert f" {count} paper" in found, href


def test_a_search_by_author_and_with_code_keeps_its_fields(client: TestClient) -> None:
    page = client.get("/search", params={"q": "sheep", "author": "Ada Lovelace; Nobody", "code": "1"}).text
    assert 'name="author" value="Ada Lovelace; Nobody"' in page
    assert 'name="code" value="1" checked' in page
    assert "0 papers" in text(page)
    assert "without the filters" in page


def test_a_long_query_is_not_repeated_in_every_link(client: TestClient) -> None:
    assert '<nav class="facets"' not in client.get("/search", params={"q": "sheep " * 100}).text
