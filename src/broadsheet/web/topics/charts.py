"""Charts as SVG without scripts or styles of their own: classes that topics.css colours, light and dark.

Each chart is decoration for who sees it; the numbers stand in a table beside it, and a picture's title says what it
shows. Coordinates are in the chart's own units and scale with the page.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

WIDTH = 720
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 6, 8, 24  # margins, for the numbers of the axes
_LABELS = 170  # on the right, for the names of lines
_LABEL_STEP = 17  # between two labels at least
_GAP = 14  # the least distance of two labels of years, in units, for each digit


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its name, a value for each month, None where there is none."""

    name: str
    values: Sequence[float | None]


def bars(months: Sequence[str], counts: Sequence[int], title: str, *, height: int = 150) -> Markup:
    """How many papers each month had, as bars."""
    frame = _Frame(months, max(counts, default=0), height, WIDTH - _RIGHT)
    width = max(0.5, frame.step * 0.8)
    path = "".join(
        f"M{frame.x(place):.1f} {frame.bottom}V{frame.y(count):.1f}" for place, count in enumerate(counts) if count
    )
    drawn = f'<path class="bars" d="{path}" stroke-width="{width:.2f}"/>'
    return _svg(title, height, [*frame.axes(), drawn])


def lines(months: Sequence[str], shown: Sequence[Line], title: str, *, height: int = 340) -> Markup:
    """Several lines over the same months, each named at its end; values are shares, shown in per cent."""
    greatest = max((value for line in shown for value in line.values if value is not None), default=0.0)
    frame = _Frame(months, greatest, height, WIDTH - _LABELS, percent=True)
    drawn, ends = [], []
    for number, line in enumerate(shown, 1):
        drawn.append(f'<path class="line s{number}" d="{_path(frame, line.values)}"/>')
        last = next((value for value in reversed(line.values) if value is not None), 0.0)
        ends.append((frame.y(last), number, line.name))
    return _svg(title, height, [*frame.axes(), *drawn, *_labels(frame, ends)])


class _Frame:
    """Where a month and a value are, and the axes around them."""

    def __init__(
        self, months: Sequence[str], greatest: float, height: int, right: int, *, percent: bool = False
    ) -> None:
        self.months, self.percent, self.right = months, percent, right
        self.bottom, self.top = height - _BOTTOM, _TOP
        self.step = (right - _LEFT) / max(1, len(months))
        self.tick = _tick(greatest, whole=not percent)
        self.most = max(self.tick, math.ceil(greatest / self.tick) * self.tick)

    def x(self, place: int) -> float:
        return _LEFT + (place + 0.5) * self.step

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * value / self.most

    def axes(self) -> Iterator[str]:
        """Lines of equal value with their numbers, and the years."""
        value = 0.0
        while value <= self.most * 1.001:
            y = self.y(value)
            yield f'<path class="grid" d="M{_LEFT} {y:.1f}H{self.right}"/>'
            yield f'<text class="tick" x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{self._said(value)}</text>'
            value += self.tick
        every = self._years_apart()
        for place, month in enumerate(self.months):
            if month.endswith("-01") and int(month[:4]) % every == 0:
                x = self.x(place) - self.step / 2
                yield f'<path class="grid" d="M{x:.1f} {self.bottom}v4"/>'
                if x < self.right - 16:
                    y = self.bottom + 18
                    yield f'<text class="tick" x="{x:.1f}" y="{y}" text-anchor="middle">{month[:4]}</text>'

    def _years_apart(self) -> int:
        return next((years for years in (1, 2, 5, 10, 20) if years * 12 * self.step > 4 * _GAP), 50)

    def _said(self, value: float) -> str:
        if not self.percent:
            return f"{value:,.0f}"
        digits = max(0, -math.floor(math.log10(self.tick * 100))) if self.tick < 0.01 else 0
        return f"{value * 100:.{digits}f}%"


def _tick(greatest: float, *, whole: bool) -> float:
    """A round step that divides the range in two to five parts or so."""
    if greatest <= 0:
        return 1.0 if whole else 0.01
    rough = greatest / 5
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * part for part in (1, 2, 2.5, 5, 10) if size * part >= rough)
    return max(1.0, math.ceil(step)) if whole else step


def _path(frame: _Frame, values: Sequence[float | None]) -> str:
    """The line, broken where there is no value."""
    out, pen = [], "M"
    for place, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        out.append(f"{pen}{frame.x(place):.1f} {frame.y(value):.1f}")
        pen = "L"
    return "".join(out)


def _labels(frame: _Frame, ends: Sequence[tuple[float, int, str]]) -> Iterator[str]:
    """The names at the lines' ends, moved apart where they would lie on each other."""
    placed: list[tuple[float, float, int, str]] = []
    floor = float(frame.top)
    for y, number, name in sorted(ends):
        at = max(y, floor)
        placed.append((at, y, number, name))
        floor = at + _LABEL_STEP
    over = max(0.0, floor - _LABEL_STEP - frame.bottom)
    limit = float("inf")
    for at, y, number, name in reversed(placed):
        moved = min(at - over if at - over > frame.top else at, limit)
        limit = moved - _LABEL_STEP
        short = name if len(name) <= 22 else f"{name[:21]}…"
        yield f'<path class="tie s{number}" d="M{frame.right} {y:.1f}L{frame.right + 10} {moved:.1f}"/>'
        yield f'<text class="name s{number}" x="{frame.right + 14}" y="{moved + 4:.1f}">{escape(short)}</text>'


def _svg(title: str, height: int, parts: Sequence[str]) -> Markup:
    head = f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
    return Markup(f"{head}{''.join(parts)}</svg>")  # noqa: S704 - numbers, and names that are escaped
