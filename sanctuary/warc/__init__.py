"""WARC files (ISO 28500:2017, WARC/1.1): captures written for others, and those of others read."""
