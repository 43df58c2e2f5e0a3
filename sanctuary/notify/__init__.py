"""Telling people what changed: what is told to whom, in which words, and how it is sent."""
