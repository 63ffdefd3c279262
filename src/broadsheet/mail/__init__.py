"""Letters about papers: a digest becomes a subject, a plain text and an HTML part."""
