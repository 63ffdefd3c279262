"""Subscribing: the door, the pages, a browser."""
