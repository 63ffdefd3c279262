"""Broadsheet: a self-hosted daily papers."""
