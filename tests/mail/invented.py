"""Invented digests: the ordinary one, and every edge that a title, a name or a week can have."""

from broadsheet.mail import Links, Place
from broadsheet.types import Author, Digest, Entry, Form, Paper, Person, Rhythm, Role, Subscription, Wanted

PLACE = Place("The Flock Gazette", "https://papers.example.org")
LINKS = Links(
    "https://papers.example.org/unsubscribe/one.two",
    "https://papers.example.org/preferences/three.four",
    "https://papers.example.org/date/2026-11-20",
)
ADA = Person(1, "ada", "Ada L.", Role.READER, "", None, "2026-01-01")
GIST = "One sheep in forty is looked at, and the flock is counted to within three of what the shepherd says."
LONG = (
    "A herd is counted by looking at few of its members. We test it on twelve invented meadows, in rain and in fog, and"
    " say where it fails. At dusk sheep look like stones, and at dawn stones look like sheep. Nobody had asked either."
    " The shepherds were paid in cheese, as is usual, and the code can be had for the asking by anybody with a dog."
    " Counting by night is left to others."
)

PAPERS = {
    "plain": Paper(
        "2611.00001", "Counting Sheep with Sparse Attention", 1, abstract=LONG, categories=("cs.LG", "cs.CL"),
        authors=(Author("Ada Lovelace"), Author("Grace Hopper")), votes=9, own_votes=3, own_comments=1,
    ),
    "formulas": Paper(
        "2611.00002", r"Folding Maps in $O(n \log n)$ along $\mathbb{R}^{k}$-Rivers", 2, categories=("math.CO",),
        authors=(Author(r"Sof\'ia Kovalevskaya"),), abstract=r"We bound creases by $2^{k}$ where $k$ counts rivers.",
    ),
    "forty": Paper(
        "2611.00003", "A Survey of Teapots", 3, abstract="Vision models see teapots everywhere; we ask why.",
        authors=tuple(Author(f"Emmy Noether {number}") for number in range(1, 41)), categories=("cs.CV",) * 9,
    ),
    "nobody": Paper("hep-th/9901001", "Strings that Remember their Knots", 4),
    "counted": Paper("doi:10.1000/knot.1", "On Knots and What Strings Keep of Them", 5, author_count=7, summary=GIST),
    "arabic": Paper(
        "2611.00006", "عد الخراف بانتباه متناثر", 6, abstract="نعد القطيع بالنظر إلى قليل من أفراده.",
        authors=(Author("فاطمة الفهرية"),), categories=("cs.LG",),
    ),
    "hostile": Paper(
        "2611.00007", "</title><script>alert(1)</script> Sheep\r\nBcc: all@example.org\x00\u202e & \u2028<b>Goats", 7,
        abstract="Half of <b>this</b> is bold; &amp; so is <img src=x onerror=alert(1)>.",
        authors=(Author("Bobby <Tables>\r\nX-Header: yes"),), withdrawn=True,
    ),
    "endless": Paper("2611.00008", "Sheep " * 400, 8, abstract="x" * 9_000, authors=(Author("A" * 900),)),
}  # fmt: skip


def subscription(
    wanted: Wanted = Wanted.EDITION, rhythm: Rhythm = Rhythm.EDITION, form: Form = Form.HTML, **facts: str
) -> Subscription:
    value, title = facts.get("value", ""), facts.get("title", "")
    return Subscription(7, 3, wanted, value, title, rhythm, 0, "07:30", "UTC", 10, form, "2026-11-01T00:00:00Z")


def digest(*named: str, one: Subscription | None = None, more: int = 0, first: str = "2026-11-20") -> Digest:
    """A digest of these papers, each there for another reason."""
    reasons = ("listed", "announced", "submitted", "trending", "caught", "published", "for me", "scheduled")
    whys = (
        "",
        "by authors whom editions often listed",
        "",
        "Trending: 12 new votes",
        "it has sheep, goats",
        "",
        "",
        "",
    )
    entries = [
        Entry(PAPERS[name], place, reasons[(place - 1) % 8], whys[(place - 1) % 8], "2026-11-20", ADA)
        for place, name in enumerate(named, start=1)
    ]
    gists = {PAPERS["plain"].id: GIST}
    return Digest("digest:7:2026-11-20", one or subscription(), first, "2026-11-20", entries, more, gists)


LETTERS = {
    "edition": digest("plain", "formulas", "forty", "nobody", "counted", "arabic", more=12),
    "hostile": digest("hostile", "endless"),
    "empty_week": digest(one=subscription(rhythm=Rhythm.WEEKLY), first="2026-11-14"),
    "search": digest(
        "plain", "arabic", one=subscription(Wanted.QUERY, Rhythm.ONCE, value="12", title="Results for “sheep”"), more=1
    ),
    "group": digest("forty", one=subscription(Wanted.GROUP, value="sheep-readers-bcdfgh", title="Sheep <readers>")),
    "trending": digest("formulas", one=subscription(Wanted.TRENDING, Rhythm.WEEKDAYS)),
    "mine": digest("plain", one=subscription(Wanted.MINE)),
}
