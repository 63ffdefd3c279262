"""Writes what is made of the program itself: docs/cli.md, docs/openapi.json, the tables of settings.md and trending.md.

`python docs/generate.py` writes them; with `--check` it only says whether they are as they should be.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from broadsheet.api.v1.making import description
from broadsheet.cli import main as command
from broadsheet.config import GROUPS, Setting
from broadsheet.ranking import WEIGHTS

HEAD = """\
Answers go to standard output, progress and complaints to standard error. The exit status is 0 when all was
done, 1 when something was refused (the message says what to do), 2 for a wrong call, and 130 after Ctrl-C.
"""
DOCS = Path(__file__).parent
MARK = "<!-- made by docs/generate.py -->\n"


def settings_page() -> str:
    """docs/settings.md with its tables made anew."""
    head, _, _ = (DOCS / "settings.md").read_text("utf-8").partition(MARK)
    return head + MARK + "\n".join(_group(title, settings) for title, settings in GROUPS.items())


def _group(title: str, settings: tuple[Setting, ...]) -> str:
    rows = "".join(f"| `{row.name}` | `{row.variable}` | {_default(row)} | {row.help} |\n" for row in settings)
    return f"## {title}\n\n| setting | variable | default | what it does |\n|---|---|---|---|\n{rows}"


def _default(setting: Setting) -> str:
    """A default as it is written in the file, without the quotation marks of a text."""
    value = setting.default
    if isinstance(value, tuple):
        value = " ".join(value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`" if value != "" else ""


def trending_page() -> str:
    """docs/trending.md with the table of the formula made anew."""
    head, _, _ = (DOCS / "trending.md").read_text("utf-8").partition(MARK)
    rows = "".join(
        f"| `{row.signal}` | {row.help} | `{row.kind}` of {', '.join(row.sources) or 'any source but here'} "
        f"| {row.weight:g} | {row.half_life:g} days |\n"
        for row in WEIGHTS
    )
    columns = "| signal | what is counted | in the downloads | weight | half-life |\n|---|---|---|---|---|\n"
    return head + MARK + columns + rows


def cli_page() -> str:
    """docs/cli.md: the help of every command, as the program prints it."""
    parts = ["# Commands\n\n" + MARK, HEAD, *_helps("broadsheet", command)]
    return "\n".join(parts)


def _helps(name: str, part: click.Command, parent: click.Context | None = None) -> Iterator[str]:
    """The help of a command, and of those within it."""
    yield _help(name, part, parent)
    if isinstance(part, click.Group):
        context = click.Context(part, info_name=name.rpartition(" ")[2], parent=parent)
        for inner in sorted(part.commands):
            yield from _helps(f"{name} {inner}", part.commands[inner], context)


def _help(name: str, part: click.Command, parent: click.Context | None = None) -> str:
    context = click.Context(
        part, info_name=name.rpartition(" ")[2], parent=parent, terminal_width=100, max_content_width=100
    )
    return f"## {name}\n\n```text\n{part.get_help(context)}\n```\n"


def openapi() -> str:
    """docs/openapi.json: the description of our own API, as the server gives it."""
    return json.dumps(description(), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Writes the pages, or compares them."""
    stale = []
    for name, text in (
        ("settings.md", settings_page()),
        ("cli.md", cli_page()),
        ("trending.md", trending_page()),
        ("openapi.json", openapi()),
    ):
        file = DOCS / name
        if not file.is_file() or file.read_text("utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                file.write_text(text, "utf-8")
    if stale and "--check" in sys.argv:
        sys.exit(f"not as the program is: {', '.join(stale)}; run python docs/generate.py")


if __name__ == "__main__":
    main()
