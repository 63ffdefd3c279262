"""Every number of the recipe."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """`training/README.md` has the tables that these numbers were chosen by."""

    tokens: int = 40_000
    pieces: int = 8_000
    buckets: int = 4_096  # rows of hashed words; tokens and buckets are 65,536 at most
    biology: int = 3  # how many times more a word of a biology paper counts for a place in the vocabulary
    dimensions: int = 256
    batch: int = 2_048
    epochs: float = 5.0
    least_steps: int = 300  # a sample is read more often
    rate: float = 0.02
    temperature: float = 0.05
    fragments: float = 0.3
    keywords: float = 0.2
    shortest_fragment: int = 6
    longest_fragment: int = 40
    sif: float = 1e-3
    spread: float = 0.1
    taught_dimensions: int = 384  # of the table that is learned with the teacher
    taught_epochs: float = 4.0
    taught_titles: int = 122_880  # that the teacher reads at most
    repeats: int = 3  # how often an epoch with the teacher reads a biology paper
    teaching: float = 1.0  # what the teacher's likeness of titles counts for, beside InfoNCE
    likeness: float = 0.1  # the temperature of that likeness
    levels: int = 40  # of int8 that are used on either side: fewer are packed smaller, and are fine enough
    unit: int = 16  # what a token that stands once counts for in the table of saturation
