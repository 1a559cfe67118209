"""What the backend adds to Keras's layers: nothing."""


class StrataLayer:
    """The backend's part of `keras.Layer`."""
