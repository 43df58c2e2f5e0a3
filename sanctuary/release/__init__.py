"""Data packages: what the database says at one moment, frozen, hashed, and described for others."""
