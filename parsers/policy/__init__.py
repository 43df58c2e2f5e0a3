"""What the parsers of policy pages share, whoever the host is."""
