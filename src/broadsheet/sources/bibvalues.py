"""Values of BibTeX fields: joined, their macros replaced, split into names, made dates, freed of braces."""

import re
from collections.abc import Iterator, Mapping

from broadsheet import ids
from broadsheet.types import Author

_MONTH_NAMES = """January February March April May June July August September October November December"""
MONTHS = {name[:3].lower(): name for name in _MONTH_NAMES.split()}  # macros every style defines
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|[^A-Za-z\s])\s*\Z")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|2\d)\d\d(?!\d)", re.ASCII)


def joined(value: str, macros: Mapping[str, str]) -> str:
    """A value as the file writes it (`"a" # jan # {b}`), joined and without what encloses it."""
    parts = _at_top(value, "#") if "#" in value else (value,)
    return "".join(_enclosed(part, macros) for part in parts)


def _enclosed(part: str, macros: Mapping[str, str]) -> str:
    part = part.strip()
    if len(part) > 1 and part[0] + part[-1] in {"{}", '""'}:
        return part[1:-1]
    return macros.get(part.lower(), part)


def _at_top(value: str, separator: str) -> Iterator[str]:
    """The parts of a value between separators that stand in no braces and no quotes."""
    depth, start, quoted = 0, 0, False
    for at, char in enumerate(value):
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
        elif char == '"' and depth == 0 and separator == "#":
            quoted = not quoted
        elif char == separator and depth == 0 and not quoted:
            yield value[start:at]
            start = at + 1
    yield value[start:]


def unbraced(value: str) -> str:
    """The value without the braces that only keep capitals: those of TeX commands and formulas stay."""
    if "{" not in value and "}" not in value:
        return value
    kept: list[str] = []
    stack: list[bool] = []
    in_math = False
    for at, char in enumerate(value):
        escaped = at > 0 and value[at - 1] == "\\" and value[at - 2 : at - 1] != "\\"
        if char == "$" and not escaped:
            in_math = not in_math
        if char == "{" and not escaped:
            stack.append(
                in_math or value[at + 1 : at + 2] == "\\" or bool(_COMMAND.search(value[max(0, at - 40) : at]))
            )
            if not stack[-1]:
                continue
        elif char == "}" and not escaped and not (stack and stack.pop()):
            continue
        kept.append(char)
    return "".join(kept)


def authors(value: str) -> list[Author]:
    """The authors of an `author` field, each as "First Last". "others" is nobody."""
    names = (_name(part) for part in _names(" ".join(value.split())))
    return [Author(name) for name in names if name and name.lower() != "others"]


def _names(value: str) -> Iterator[str]:
    """The names between the words "and" that stand in no braces."""
    if "{" not in value:
        yield from _AND.split(value)
        return
    start = depth = 0
    for mark in re.finditer(r"[{}]|\s+and(?=\s)", value, re.IGNORECASE):
        if mark[0] == "{":
            depth += 1
        elif mark[0] == "}":
            depth -= 1
        elif depth == 0:
            yield value[start : mark.start()]
            start = mark.end()
    yield value[start:]


def _name(written: str) -> str:
    """ "Last, First" and "Last, Jr, First" as people say them; a name in braces is one word."""
    last, *rest = [" ".join(unbraced(part).split()) for part in _at_top(written.strip(), ",")]
    first = rest[-1] if rest else ""
    return " ".join(filter(None, (first, last, *rest[:-1])))


def published(fields: Mapping[str, str]) -> str | None:
    """The date of an entry, as whole as its fields (date; year, month, day) give it."""
    if found := ids.iso_date(fields.get("date", "").partition("/")[0]):
        return found
    years: list[str] = _YEAR.findall(fields.get("year", "") or fields.get("date", ""))
    if not years:
        return None
    year, month = years[0], fields.get("month", "")
    word, number = re.search(r"[A-Za-z]{3,}", month), re.search(r"\d{1,2}", fields.get("day", "") or month, re.ASCII)
    if word:
        name = MONTHS.get(word[0][:3].lower(), "")
        day = number[0] if number else ""
        return ids.iso_date(f"{name} {day}, {year}") or ids.iso_date(f"{name} {year}") or year
    if number and month.strip().isdecimal():
        day = fields.get("day", "").strip().zfill(2)
        return ids.iso_date(f"{year}-{month.strip():0>2}-{day}") or ids.iso_date(f"{year}-{month.strip():0>2}") or year
    return year
