"""Records to history: schema, loading, editions, diffs. Knows no HTML and no PDF."""
