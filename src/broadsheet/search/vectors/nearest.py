"""From a query vector to the nearest papers, in four steps.

1. *Lists.* Of a segment's L lists, those whose centres are nearest to the query: 1.5 * sqrt(L) of them,
   and 40,000 rows at least. A segment without lists is read as a whole; it is small.
2. *Filter.* Rows whose papers may not be found are left out, before anything is ranked. A filter that leaves a share
   s of the papers makes us look into s^(-1/3) times as many lists; one that leaves few papers looks at
   exactly those, and at no list.
3. *Signs.* The few thousand rows whose signs are nearest to the query's (`codes.far`).
4. *Codes.* The cosines of those rows (`codes.cosines`), the best k of them.

The steps 1, 3 and 4 are what IVFADC with re-ranking does (Jégou, Douze and Schmid 2011; Jégou, Tavenard, Douze and
Amsaleg 2011), with signs in the place of product quantisation: numpy counts bits as fast as memory gives them.
The constants were chosen with `benchmarks/vector_speed.py`.
"""

import math
from collections.abc import Sequence

import numpy as np

from broadsheet.search.vectors import codes
from broadsheet.search.vectors.segment import Places, Segment
from broadsheet.search.vectors.snapshot import Mask, Snapshot

PROBES = 1.5  # times the root of the number of lists
LEAST = 40_000  # rows to look into, where that is more: they cost 0.4 ms
CANDIDATES = 1_200  # rows whose cosine is computed, at least
CANDIDATES_PER_HIT = 24
FEW = 60_000  # allowed papers that are all looked at
_SOME = 16  # of so many distances one tells roughly where the limit is
MANY = 0.3  # share of allowed papers from which reading all rows is faster than picking the allowed ones


def nearest(snapshot: Snapshot, vector: codes.Vectors, k: int, allowed: Mask | None) -> tuple[Places, codes.Vectors]:
    """The numbers of the nearest k papers and their cosines, the nearest first; the lower number first if equal."""
    asked = codes.question(vector)
    wanted = max(CANDIDATES, CANDIDATES_PER_HIT * k)
    share = 1.0
    if allowed is not None:
        allowed = _fitted(allowed, len(snapshot.places))
        count = np.count_nonzero(allowed)
        share = min(1.0, count / max(1, snapshot.count))
    if allowed is not None and count <= FEW:
        rows = _among(snapshot, asked, allowed, wanted)
    else:
        rows = _through_lists(snapshot, asked, allowed, share, wanted)
    cosines, numbers = snapshot.cosines(asked, rows), snapshot.numbers(rows)
    if len(cosines) > k > 0:  # all that are as near as the last one wanted: sorting these few is quick
        kept = np.flatnonzero(cosines >= np.partition(cosines, -k)[-k])
        cosines, numbers = cosines[kept], numbers[kept]
    best = np.lexsort((numbers, -cosines))[:k]
    return numbers[best], cosines[best]


def _among(snapshot: Snapshot, asked: codes.Question, allowed: Mask, wanted: int) -> Places:
    """The closest of all allowed rows, in their order. If they are few, all of them: the answer is then exact."""
    places = snapshot.places[np.flatnonzero(allowed)]
    rows = np.sort(places[places >= 0]).astype(np.int64)
    if len(rows) <= wanted:
        return rows
    distances = [codes.far(asked, segment.signs.take(own, axis=1)) for segment, own, _ in snapshot.split(rows)]
    return rows[_closest(np.concatenate(distances), wanted)]


def _through_lists(
    snapshot: Snapshot, asked: codes.Question, allowed: Mask | None, share: float, wanted: int
) -> Places:
    """The closest rows of the nearest lists of every segment, in their order."""
    rows, distances = [np.empty(0, np.int64)], [np.empty(0, np.uint16)]
    for place, segment in enumerate(snapshot.segments):
        lists = _lists(segment, asked, share)
        firsts, ends = segment.starts[lists], segment.starts[lists + 1]
        pieces = [slice(first, end) for first, end in zip(firsts.tolist(), ends.tolist(), strict=True)]
        if allowed is None or share > MANY:
            far = codes.far(asked, np.concatenate([segment.signs[:, piece] for piece in pieces], axis=1))
            keep = _kept(snapshot, place, pieces, allowed)
            if keep is not None:
                far |= ~keep * codes.FAR  # 65535 where it is not kept
            closest = _closest(far, wanted)
            # From a place among the pieces to a row of the segment.
            before = np.cumsum(ends - firsts)
            piece_of = np.searchsorted(before, closest, side="right")
            own = closest + (ends - before)[piece_of]
            far = far[closest]
        else:
            own = np.concatenate([np.arange(piece.start, piece.stop) for piece in pieces])
            own = own[_kept(snapshot, place, pieces, allowed)]
            far = codes.far(asked, segment.signs.take(own, axis=1))
        rows.append(own + snapshot.firsts[place])
        distances.append(far)
    return np.concatenate(rows)[_closest(np.concatenate(distances), wanted)]


def _kept(snapshot: Snapshot, place: int, pieces: Sequence[slice], allowed: Mask | None) -> Mask | None:
    """Of each row of these pieces of a segment, whether it may be found; None if all may."""
    keep: Mask | None = None
    if snapshot.count < len(snapshot.alive):
        live = snapshot.live(place)
        keep = np.concatenate([live[piece] for piece in pieces])
    if allowed is not None:
        numbers = snapshot.segments[place].numbers
        right: Mask = allowed[np.concatenate([numbers[piece] for piece in pieces])]
        keep = right if keep is None else keep & right
    return keep


def _lists(segment: Segment, asked: codes.Question, share: float) -> Places:
    """The lists of a segment to look into, in the order in which they lie on the disk."""
    count = len(segment.starts) - 1
    share_read = max(PROBES / math.sqrt(count), LEAST / max(1, len(segment)))
    probes = math.ceil(count * share_read / share ** (1 / 3))
    if probes >= count:
        return np.arange(count)
    near = codes.dot(segment.centres, asked.vector)
    return np.flatnonzero(near >= np.partition(near, -probes)[-probes])


def _closest(distances: codes.Distances, wanted: int) -> Places:
    """Where the smallest distances are, in order of place; a few more than wanted where the last ones are equal.

    Distances are small integers, so counting them finds the limit; that is four times as fast as a partition. Of many
    only those are counted that are nearer than some tell.
    """
    if len(distances) <= wanted:
        return np.flatnonzero(distances < codes.FAR)
    if len(distances) > _SOME * wanted:
        near = np.flatnonzero(distances <= _limit(distances[::_SOME], 2 * wanted // _SOME))
        if len(near) >= wanted:
            closer = distances.take(near)
            return near.take(np.flatnonzero(closer <= _limit(closer, wanted)))
    return np.flatnonzero(distances <= _limit(distances, wanted))


def _limit(distances: codes.Distances, wanted: int) -> int:
    """The distance within which so many are."""
    return min(int(codes.FAR) - 1, int(np.searchsorted(np.bincount(distances).cumsum(), wanted)))


def _fitted(allowed: Mask, size: int) -> Mask:
    """A mask as long as the table of numbers: what is not said is not allowed."""
    if len(allowed) >= size:
        return allowed[:size]
    return np.concatenate([allowed, np.zeros(size - len(allowed), dtype=np.bool_)])
