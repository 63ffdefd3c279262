"""How long the map takes, how much memory, and how well it keeps neighbours together.

    python benchmarks/atlas.py --home COPY_OF_A_HOME [--sample 5000] [--keep FOLDER]

The map is drawn anew in a folder that is thrown away, by the code that the job runs, from the vectors of the index.
Then some papers are drawn by lot. For each, within the sample: the share of its ten nearest by vector that are among
the thirty nearest on the map, and the trustworthiness of Venna and Kaski (2001) at ten neighbours, which asks the
other way round: whether who stands near on the map is near by vector. 1 is best; a map by chance has 0.006 and 0.5.

The peer is the plane of the first two principal components. Where the package umap is installed, it is the second: it
is given the same landmarks, and asked to place the sample among them.
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

import broadsheet.library as door
from broadsheet.search.atlas import BLOCK, LANDMARKS, NEIGHBOURS, Atlas, layout

Floats = npt.NDArray[np.float32]
NEAR, SHOWN = 10, 30


def ranks(distances: Floats) -> npt.NDArray[np.int64]:
    """Of each row, how many are nearer than each other one; itself is the last."""
    np.fill_diagonal(distances, np.inf)
    return distances.argsort(axis=1).argsort(axis=1)


def judged(by_vector: npt.NDArray[np.int64], points: Floats) -> tuple[float, float]:
    """Neighbours kept, and trustworthiness."""
    squares = (points**2).sum(axis=1)
    on_map = ranks(squares[:, None] + squares[None, :] - 2 * (points @ points.T))
    kept = ((by_vector < NEAR) & (on_map < SHOWN)).sum() / (NEAR * len(points))
    count = len(points)
    wrong = np.maximum(by_vector[on_map < NEAR] - (NEAR - 1), 0).sum()
    return float(kept), float(1 - 2 * wrong / (count * NEAR * (2 * count - 3 * NEAR - 1)))


def main() -> None:
    """Draws, measures, prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--sample", type=int, default=5_000)
    parser.add_argument("--keep", type=Path, help="a folder for the map, which is otherwise thrown away")
    asked = parser.parse_args()
    with door.open(asked.home, follow=False) as library, tempfile.TemporaryDirectory() as folder:
        meaning = library._search._meaning  # noqa: SLF001
        if meaning is None:
            sys.exit("This index has no vectors: broadsheet index rebuild.")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        kept = asked.keep or Path(folder)
        atlas = Atlas(kept, meaning)
        seen: list[float] = []
        began = time.perf_counter()
        count = atlas.draw(lambda _done, _total: seen.append(time.perf_counter()))
        took = time.perf_counter() - began
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{count:,} papers placed: {took:.0f} s, {most / 1024:.0f} MB at most ({before / 1024:.0f} MB before)")
        if len(seen) > 1:
            placing = (seen[-1] - seen[0]) / (len(seen) - 1) / BLOCK
            print(f"{1e6 * placing:.0f} microseconds for each that is placed among the landmarks")
        print(f"The file: {(kept / 'map.npz').stat().st_size / 1e6:.1f} MB")
        every = meaning.numbers()
        chosen = np.sort(np.random.default_rng(1).choice(every, min(len(every), asked.sample), replace=False))
        vectors = meaning.vectors_of(chosen)
        by_vector = ranks(-(vectors @ vectors.T))
        began = time.perf_counter()
        numbers, places = atlas.places(chosen.tolist())
        print(f"{len(numbers):,} places asked for: {1000 * (time.perf_counter() - began):.1f} ms")
        marks = np.sort(np.random.default_rng(0).choice(every, min(len(every), LANDMARKS), replace=False))
        told = {"the map": judged(by_vector, (places / 65_535).astype(np.float32))}
        told["principal components"] = judged(by_vector, layout.principal(vectors).astype(np.float32))
        landmarks = meaning.vectors_of(marks)
        try:
            import umap  # noqa: PLC0415
        except ImportError:
            print("umap is not installed: it is left out.")
        else:
            began = time.perf_counter()
            peer = umap.UMAP(n_neighbors=NEIGHBOURS, metric="cosine", random_state=0).fit(landmarks)
            fitted = time.perf_counter() - began
            told["umap"] = judged(by_vector, peer.transform(vectors))
            placed = time.perf_counter() - began - fitted
            print(f"umap: {fitted:.0f} s for the landmarks, {placed:.0f} s for the sample")
        for name, (near, trusted) in told.items():
            print(f"{name}: {near:.3f} of neighbours kept, trustworthiness {trusted:.3f}")


if __name__ == "__main__":
    main()
