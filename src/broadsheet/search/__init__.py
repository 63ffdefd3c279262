"""Whatever can be deleted and rebuilt: the query language, the engine, and following the catalogue."""
