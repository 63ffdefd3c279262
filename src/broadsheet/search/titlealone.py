"""The stems that a paper has in its title and nowhere else: what tells `abstract:x` from x anywhere."""


def title_alone(title: str, texts: str) -> tuple[list[str], list[str]]:
    """The stems of a title that the texts do not have, in the order of the alphabet; all are stems between blanks.

    And, for those of them that share a beginning with a stem of the texts, the longest such beginning. All texts pass
    through here on their way to the index, so they are looked into and not taken apart.
    """
    said = f" {texts} "
    alone = sorted({stem for stem in title.split() if f" {stem} " not in said})
    return alone, sorted({begin for stem in alone if (begin := _begins(stem, said))})


def _begins(stem: str, said: str) -> str:
    """The longest beginning of a stem that a word between blanks has too."""
    for end in range(len(stem), 0, -1):
        if f" {stem[:end]}" in said:
            return stem[:end]
    return ""
