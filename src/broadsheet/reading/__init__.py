"""Understanding a paper from its title and abstract, without any outside service. Pure: text in, values out.

    sentences   where sentences begin and end; which language a text is in
    acronyms    short forms with their long forms, and the name of the method
    keywords    the phrases that say what a paper is about
    gist        the one or two sentences that carry it
    results     what it claims, as data

All functions take plain text (`tex.plain`), never raise whatever it is, and take time about linear in its length:
of a longer text only the first `MOST` characters are read. What needs an encoder or a catalogue is given one.
"""

MOST = 20_000  # characters; the longest abstracts on arXiv have some 6,000
