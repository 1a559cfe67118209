"""Recurrent layers: fused, traced and masked they are what their cells compute step by step."""

import keras_strata  # isort: skip

import keras
import numpy as np
import pytest
from differences import assert_gradients
from keras import ops

_RANDOM = np.random.default_rng(2)
_X = _RANDOM.normal(size=(3, 5, 4)).astype(np.float32)
_MASK = np.array([[1, 1, 0, 1, 0], [0, 0, 1, 1, 1], [1, 1, 1, 1, 1]], bool)
_LAYERS = {
    "lstm": (keras.layers.LSTM, {}),
    "lstm_activations": (
        keras.layers.LSTM,
        {"activation": "relu", "recurrent_activation": "hard_sigmoid", "use_bias": False},
    ),
    "gru": (keras.layers.GRU, {}),
    "gru_reset_before": (keras.layers.GRU, {"reset_after": False}),
    "gru_without_bias": (keras.layers.GRU, {"use_bias": False, "go_backwards": True}),
    "lstm_backwards": (keras.layers.LSTM, {"go_backwards": True}),
    "simple": (keras.layers.SimpleRNN, {}),
}


def _layer(name: str, **arguments) -> keras.Layer:
    kind, own = _LAYERS[name]
    layer = kind(3, **own, **arguments)
    layer.build(_X.shape)
    for index, variable in enumerate(layer.trainable_variables):
        values = np.random.default_rng(index).normal(size=variable.shape) * 0.7
        variable.assign(values)
    return layer


def _step_by_step(layer: keras.Layer, x: np.ndarray, mask=None, zero=False) -> np.ndarray:
    """The outputs by calls of the cell alone."""
    states = layer.cell.get_initial_state(x.shape[0])
    output, outputs = np.zeros((x.shape[0], layer.units), np.float32), []
    steps = range(x.shape[1])
    for step in reversed(steps) if layer.go_backwards else steps:
        new, new_states = layer.cell(x[:, step], states)
        keep = np.ones((x.shape[0], 1), bool) if mask is None else mask[:, step, None]
        output = np.where(keep, ops.convert_to_numpy(new), output)
        states = [ops.where(keep, a, b) for a, b in zip(new_states, states, strict=True)]
        outputs.append(np.where(keep, output, 0.0) if zero else output)
    return np.stack(outputs, axis=1)


@pytest.mark.parametrize("name", _LAYERS)
@pytest.mark.parametrize("is_masked", [False, True])
@pytest.mark.parametrize("zero", [False, True])
def test_layer_is_its_cell_step_by_step(name, is_masked, zero):
    mask = _MASK if is_masked else None
    layer = _layer(name, return_sequences=True, zero_output_for_mask=zero)
    expected = _step_by_step(layer, _X, mask, zero)
    for function in (layer, keras_strata.function(lambda x, mask: layer(x, mask=mask))):
        found = ops.convert_to_numpy(function(_X, mask=mask))
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", _LAYERS)
def test_last_output_and_states(name):
    everything = _layer(name, return_sequences=True, return_state=True)
    outputs, *states = everything(_X)
    last, *own = _layer(name, return_state=True)(_X)
    np.testing.assert_allclose(ops.convert_to_numpy(outputs)[:, -1], ops.convert_to_numpy(last))
    for one, other in zip(states, own, strict=True):
        np.testing.assert_allclose(ops.convert_to_numpy(one), ops.convert_to_numpy(other))
    np.testing.assert_allclose(ops.convert_to_numpy(own[0]), ops.convert_to_numpy(last))


@pytest.mark.parametrize("name", _LAYERS)
@pytest.mark.parametrize("is_masked", [False, True])
def test_gradients(name, is_masked):
    layer = _layer(name, return_sequences=True, dtype="float64")
    plain = _layer(name, return_sequences=True)
    mask = _MASK if is_masked else None

    def function(x):
        is_wide = keras.backend.standardize_dtype(x.dtype) == "float64"
        return (layer if is_wide else plain)(x, mask=mask)

    assert_gradients(function, _X)


@pytest.mark.parametrize("name", ["lstm", "gru", "simple"])
def test_gradients_of_weights_are_those_of_the_generic_loop(name):
    found = []
    for use_cudnn in ("auto", False):
        arguments = {} if name == "simple" else {"use_cudnn": use_cudnn}
        layer = _layer(name, return_sequences=True, **arguments)
        gradient = keras_strata.value_and_grad(
            lambda x, layer=layer: ops.sum(ops.square(layer(x))), layer.trainable_variables
        )
        for function in (gradient, keras_strata.function(gradient)):
            found.append([ops.convert_to_numpy(g) for g in function(_X)[1]])
    for other in found[1:]:
        for a, b in zip(found[0], other, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-4)


def test_sequences_of_no_steps():
    with pytest.raises(ValueError, match="at least one step"):
        keras.src.backend.rnn(lambda x, states: (x, states), np.zeros((2, 0, 4), np.float32), [])


def test_structures_constants_and_time_major():
    inputs = {"a": _X, "b": _X[:, :, :3]}
    states = [np.zeros((3, 3), np.float32), np.ones((3, 1), np.float32)]

    def step(x, states_and_constants):
        total, count, scale = states_and_constants
        total = total + x["a"][:, :3] * scale + x["b"]
        return total * count, [total, count + 1.0]

    arguments = {"constants": [np.float32(2.0)]}
    last, outputs, new = keras.src.backend.rnn(step, inputs, states, **arguments)
    swapped = {key: np.swapaxes(value, 0, 1) for key, value in inputs.items()}
    major = keras.src.backend.rnn(step, swapped, states, time_major=True, **arguments)
    expected = np.cumsum(_X[:, :, :3] * 3.0, axis=1) * np.arange(1, 6)[:, None]
    np.testing.assert_allclose(ops.convert_to_numpy(outputs), expected, rtol=1e-5)
    np.testing.assert_allclose(ops.convert_to_numpy(last), expected[:, -1], rtol=1e-5)
    np.testing.assert_allclose(ops.convert_to_numpy(new[1]), 6.0)
    np.testing.assert_allclose(
        np.swapaxes(ops.convert_to_numpy(major[1]), 0, 1), expected, rtol=1e-5
    )
