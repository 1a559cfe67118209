"""Keras's operations over the engine."""
