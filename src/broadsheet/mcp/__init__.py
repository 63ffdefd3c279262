"""The Model Context Protocol: what an agent may find, read and do here."""
