"""Places by the names that documents print: what there is, and which one is meant."""
