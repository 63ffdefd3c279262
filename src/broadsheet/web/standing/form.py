"""The form of a standing query: made from a search, or changed; it shows what it would have caught."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said
from broadsheet.errors import NotFound, Refused, TooMany, Unfit
from broadsheet.library import Library
from broadsheet.permissions import require
from broadsheet.types import Actor, Mode, Preview
from broadsheet.web.contexts import Choice
from broadsheet.web.contexts.standing import PreviewPart, Week, WishPage
from broadsheet.web.forms import Form
from broadsheet.web.press import Press, visitor
from broadsheet.web.standing.words import NEARS, address, frame, line, near

USUAL = 0.5  # the threshold that a form begins with
LONGEST = 2_500  # characters of a field that are given back


@dataclass(frozen=True, slots=True)
class Fields:
    """What stands in the form. Papers are names with blanks between them."""

    name: str = ""
    text: str = ""
    unlike_text: str = ""
    like: str = ""
    unlike: str = ""
    near: float = USUAL

    def asked(self) -> dict[str, str | float | Sequence[str]]:
        """The same as the verbs of the library take it, besides the text."""
        papers = {name: getattr(self, name).replace(",", " ").split() for name in ("like", "unlike")}
        return {"unlike_text": self.unlike_text, "near": self.near, **papers}


def new(library: Library, press: Press, request: Request) -> Response:
    """The form, filled with the search that the address tells. Nothing is saved yet."""
    actor = _may(request)
    given = request.query_params
    wish = library.read_wish(given.get("q", "")[:LONGEST])
    text = " ".join(filter(None, (wish.text, *_filters(given))))
    least = 1.0 if given.get("mode") == Mode.KEYWORD else USUAL
    fields = Fields("", text, wish.unlike_text, given.get("like", "")[:LONGEST], "", least)
    dated = bool(given.get("since") or given.get("until"))
    notes = ["The dates were left out: what it catches is new in any case."] if dated else []
    return _page(library, press, request, actor, fields, split=bool(wish.unlike_text), notes=notes)


def preview(library: Library, press: Press, request: Request, form: Form) -> Response:
    """The form as it was filled, with what that would have caught."""
    actor, fields = _may(request), _fields(library, form)
    split = fields.unlike_text != form.word("unlike_text")[:LONGEST]
    return _page(library, press, request, actor, fields, number=form.number("number") or 0, split=split)


def make(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Makes it, and leads to its page."""
    actor, fields = _may(request), _fields(library, form)
    try:
        made = library.stand(actor, fields.text, name=fields.name, **fields.asked())  # type: ignore[arg-type]
    except (Refused, NotFound, TooMany) as error:
        return _page(library, press, request, actor, fields, problems=_problems(error))
    return RedirectResponse(f"{address(made.number)}?done=made", 303)


def present(library: Library, press: Press, request: Request) -> Response:
    """The form of one that is there."""
    actor, number = _may(request), int(request.path_params["number"])
    one = library.standing(actor, number)
    fields = Fields(one.name, one.text, one.unlike_text, " ".join(one.like), " ".join(one.unlike), one.near)
    return _page(library, press, request, actor, fields, number=number)


def change(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Changes it, and leads to its page."""
    actor, number, fields = _may(request), int(request.path_params["number"]), _fields(library, form)
    try:
        library.change_standing(actor, number, name=fields.name, text=fields.text, **fields.asked())  # type: ignore[arg-type]
    except (Refused, TooMany) as error:
        return _page(library, press, request, actor, fields, number=number, problems=_problems(error))
    except NotFound as error:
        library.standing(actor, number)  # of one that is somebody else's nothing is said
        return _page(library, press, request, actor, fields, number=number, problems=_problems(error))
    return RedirectResponse(f"{address(number)}?done=changed", 303)


def _may(request: Request) -> Actor:
    actor = visitor(request).actor
    require(actor, "stand")
    return actor


def _filters(given: Mapping[str, str]) -> list[str]:
    """The filters of a search, in the language of its text."""
    codes = given.get("category", "").replace(",", " ").split()[:20]
    authors = [name.strip() for name in given.get("author", "").split(";") if name.strip()][:5]
    return [
        *([f"category:{','.join(codes)}"] if codes else []),
        *(f'author:"{name[:100].replace(chr(34), "")}"' for name in authors),
        *(["has:code"] if given.get("code", "") not in ("", "0") else []),
    ]


def _fields(library: Library, form: Form) -> Fields:
    """What was typed; "forests, not agriculture" is taken apart where no field says what it is not to be about."""
    try:
        least = float(form.word("near") or USUAL)
    except ValueError:
        least = USUAL
    words = {name: form.word(name)[:LONGEST] for name in ("name", "text", "unlike_text", "like", "unlike")}
    if not words["unlike_text"].strip():
        words["text"], words["unlike_text"] = library.read_wish(words["text"])
    return Fields(**words, near=least)


def _problems(error: Exception) -> Mapping[str, str]:
    return error.problems if isinstance(error, Unfit) else {"": str(error)}


def _page(
    library: Library,
    press: Press,
    request: Request,
    actor: Actor,
    fields: Fields,
    *,
    number: int = 0,
    split: bool = False,
    notes: Sequence[str] = (),
    problems: Mapping[str, str] | None = None,
) -> Response:
    found: Preview | None = None
    said_wrong = dict(problems or {})
    if not said_wrong and (fields.text or fields.like):
        try:
            found = library.preview(actor, fields.text, **fields.asked())  # type: ignore[arg-type]
        except (Refused, NotFound) as error:
            said_wrong = dict(_problems(error))
    context = WishPage(
        frame(press, request, "Change a standing query" if number else "A new standing query"),
        number=number,
        name=fields.name,
        text=fields.text,
        unlike_text=fields.unlike_text,
        like=fields.like,
        unlike=fields.unlike,
        nears=_nears(fields.near, found),
        preview=None if found is None else _preview(found),
        split=split,
        notes=notes,
        problems=defaultdict(str, said_wrong),
    )
    while context.preview and context.preview.hits and press.left(context) < 0:
        context.preview.hits = context.preview.hits[:-1]
    return press.page(request, context, 400 if said_wrong else 200)


def _nears(chosen: float, found: Preview | None) -> list[Choice]:
    counts = dict(found.by_near) if found else {}
    return [
        Choice(
            str(least),
            near(least) + (f" ({said.count(counts[least], 'paper')})" if least in counts else ""),
            chosen=least == chosen,
        )
        for least in sorted({*NEARS, chosen}, reverse=True)
    ]


def _preview(found: Preview) -> PreviewPart:
    more = "more than " if found.cut else ""
    days = f"from {said.day(found.since)} to {said.day(found.until)}"
    most = max((count for _, count in found.weeks), default=0)
    return PreviewPart(
        f"It would have caught {more}{said.count(found.total, 'paper') if found.total else 'nothing'} {days}.",
        [Week(f"week of {said.day(monday)}", count, max(most, 1)) for monday, count in found.weeks],
        [line(hit.paper, hit.why) for hit in found.hits],
    )
