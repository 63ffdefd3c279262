"""arXiv, as it speaks to machines.

    oai         OAI-PMH, the main source: every record, in the arXiv or arXivRaw format
      oaicursor   where a harvest stands, so that it can be killed at any point
      oaipage     one answer of the protocol, taken apart
      oaiformats  a record's metadata, in each format -> Record
      sets        which of the server's sets hold a category
    listing     a day's listing, category by category: the arbiter of what was announced when
      listingpage  one of its pages, taken apart
    feed        the daily feeds: a hint of the same
      announced   what listings and feeds have in common
    query       searches, and look-ups by id

Import what you need from its module, so that one does not load the others.
"""
