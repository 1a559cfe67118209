"""Keras's own tests, as its wheel has them, on a backend."""
