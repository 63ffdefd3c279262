"""Feeds: every list of papers here as Atom, RSS 2.0 and JSON Feed, at the list's own address."""
