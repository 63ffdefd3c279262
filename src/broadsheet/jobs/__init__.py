"""Jobs: what is done when, by whom, and how it went."""
