"""The backend: Keras's backend interface over the engine."""
