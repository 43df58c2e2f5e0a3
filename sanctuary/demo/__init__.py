"""The demo: the real pipeline over a small site of specimens on loopback, week after week."""
