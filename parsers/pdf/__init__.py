"""A PDF as lines of text and ruled tables, each with the box it stands in."""
