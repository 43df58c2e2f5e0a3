"""Bytes to records: pure functions that know no network, no database and no clock."""
