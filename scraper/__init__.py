"""The web to bytes: fetching, judging, archiving. Knows no table."""
