"""The engine's C interface in Python."""
