"""The catalogue's shape, one numbered step after the other. See `catalogue.migrate`."""
