"""Local servers that answer as the real ones do, and misbehave on order. No test asks anything else.

kit       a server, what it was asked, the faults it can have, and a clock on which waiting costs nothing
arxivweb  arXiv's listings, feeds and query API, of invented papers
oai       an OAI-PMH provider of invented papers, as arXiv's is, or as others are
"""
