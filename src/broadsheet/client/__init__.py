"""A typed client of the API under /api/v1, of this place or another."""
