"""Models whose layers need values in Python."""

import keras
import numpy as np
import pytest

from keras_strata.src.tensor import TracedValueError


class _Lookup(keras.layers.Layer):
    """Adds 1 in NumPy, as layers that look up strings do."""

    def call(self, x):
        return keras.ops.convert_to_tensor(keras.ops.convert_to_numpy(x) + 1)

    def compute_output_spec(self, x):
        return keras.KerasTensor(x.shape, x.dtype)


def _model(supports_jit: bool) -> keras.Model:
    lookup = _Lookup()
    lookup.supports_jit = supports_jit
    return keras.Sequential([keras.Input((3,)), lookup, keras.layers.Dense(1)])


def test_models_that_cannot_be_compiled_predict_eagerly():
    model = _model(False)
    x = np.ones((4, 3), np.float32)
    expected = 2 * x @ model.layers[1].kernel.numpy() + model.layers[1].bias.numpy()
    np.testing.assert_allclose(model.predict(x, verbose=0), expected, rtol=1e-6)


def test_other_models_name_the_layer():
    with pytest.raises(TracedValueError, match="_Lookup.call"):
        _model(True).predict(np.ones((4, 3), np.float32), verbose=0)
