"""Pictures of papers: a card of 1200 by 630, the size that sites crop to where a link is shared.

The type is DejaVu Serif Condensed, cut down to Latin, Greek, Cyrillic and mathematics (`fonts/LICENCE.txt`); other
scripts become its sign for a missing letter. Shaping (accents that combine, kerning, ligatures) is Pillow's.
"""

from broadsheet.drawing.card import HEIGHT, PNG, WIDTH, Card, card, mark

__all__ = ["HEIGHT", "PNG", "WIDTH", "Card", "card", "mark"]
