"""Agents, by the SDK's own client: in memory, over pipes, and over HTTP."""
