"""Mathematical operations: traced they are what they are eagerly, and their gradients."""

import keras_strata  # isort: skip

import math

import numpy as np
import pytest
from differences import assert_gradients
from keras import ops
from keras import tree

_RANDOM = np.random.default_rng(3)


def _normal(*shape: int) -> np.ndarray:
    return _RANDOM.normal(size=shape)


_IDS = np.array([2, 0, -1, 2, 5, 1, 0, 2], np.int32)

# Functions with gradients, and their arguments.
_DIFFERENTIABLE = {
    "segment_sum": (lambda x: ops.segment_sum(x, _IDS, 4), [_normal(8, 3)]),
    "segment_max": (lambda x: ops.segment_max(x, _IDS, 3), [_normal(8, 3)]),
    "segment_min": (lambda x: ops.segment_min(x, _IDS, 3), [_normal(8, 3)]),
    "top_k": (lambda x: ops.top_k(x, 3)[0], [_normal(4, 7)]),
    "logsumexp": (lambda x: ops.logsumexp(x, axis=1), [_normal(3, 5)]),
    "logsumexp_all": (lambda x: ops.logsumexp(x, keepdims=True), [_normal(3, 5)]),
    "erf": (ops.erf, [_normal(4, 5)]),
    "erfc": (ops.erfc, [_normal(4, 5)]),
    "erfinv": (ops.erfinv, [_RANDOM.uniform(-0.95, 0.95, size=(4, 5))]),
    "rsqrt": (ops.rsqrt, [_RANDOM.uniform(0.5, 3.0, size=(4, 5))]),
    "logdet": (ops.logdet, [_normal(2, 3, 3) + 3.0 * np.eye(3)]),
    "cdist": (ops.cdist, [_normal(4, 3), _normal(5, 3)]),
    "extract_sequences": (lambda x: ops.extract_sequences(x, 4, 3), [_normal(2, 12)]),
    "fft": (lambda a, b: ops.fft((a, b)), [_normal(2, 6), _normal(2, 6)]),
    "fft2": (lambda a, b: ops.fft2((a, b)), [_normal(2, 4, 3), _normal(2, 4, 3)]),
    "ifft2": (lambda a, b: ops.ifft2((a, b)), [_normal(2, 4, 3), _normal(2, 4, 3)]),
    "rfft": (lambda x: ops.rfft(x), [_normal(2, 7)]),
    "rfft_longer": (lambda x: ops.rfft(x, fft_length=10), [_normal(2, 7)]),
    "rfft_shorter": (lambda x: ops.rfft(x, fft_length=4), [_normal(2, 7)]),
    "irfft": (lambda a, b: ops.irfft((a, b)), [_normal(2, 5), _normal(2, 5)]),
    "irfft_odd": (lambda a, b: ops.irfft((a, b), fft_length=7), [_normal(2, 5), _normal(2, 5)]),
    "irfft_longer": (lambda a, b: ops.irfft((a, b), fft_length=12), [_normal(2, 5), _normal(2, 5)]),
    "stft": (lambda x: ops.stft(x, 6, 2, 8), [_normal(2, 20)]),
    "stft_plain": (lambda x: ops.stft(x, 4, 3, 4, window=None, center=False), [_normal(20)]),
    "istft": (lambda a, b: ops.istft((a, b), 6, 2, 8), [_normal(6, 5), _normal(6, 5)]),
}

_OTHER = {
    "segment_prod": (lambda x: ops.segment_prod(x, _IDS, 4), [_normal(8, 3)]),
    "top_k": (lambda x: ops.top_k(x, 3), [_normal(4, 7)]),
    "in_top_k": (
        lambda t, x: ops.in_top_k(t, x, 2),
        [np.array([1, 0, 6, 3], np.int32), _normal(4, 7)],
    ),
    "erfinv_edges": (ops.erfinv, [np.array([-2.0, -1.0, -0.9999999, 0.0, 1e-8, 0.999, 1.0])]),
    "erfc_edges": (ops.erfc, [np.array([-30.0, -3.0, 0.0, 2.0, 5.0, 9.0, 30.0])]),
    "logsumexp_edges": (
        lambda x: ops.logsumexp(x, axis=1),
        [np.array([[-np.inf, -np.inf], [np.inf, 0.0], [1e30, 1e30], [-1e30, -np.inf]])],
    ),
}
_ALL = {**_DIFFERENTIABLE, **_OTHER}


def _narrow(arrays):
    return [np.asarray(x, np.float32) if x.dtype == np.float64 else x for x in arrays]


@pytest.mark.parametrize("name", _ALL)
def test_traced_is_eager(name):
    function, arrays = _ALL[name]
    arrays = _narrow(arrays)
    eager = tree.flatten(function(*arrays))
    traced = tree.flatten(keras_strata.function(function)(*arrays))
    for one, other in zip(eager, traced, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_allclose(
            ops.convert_to_numpy(other), ops.convert_to_numpy(one), rtol=1e-5, atol=1e-5
        )


@pytest.mark.parametrize("name", _DIFFERENTIABLE)
def test_gradients(name):
    function, arrays = _DIFFERENTIABLE[name]
    assert_gradients(function, *arrays)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_special_functions_are_exact(dtype):
    x = np.linspace(-6.0, 6.0, 5_001).astype(dtype)
    tolerance = 1e-6 if dtype == "float32" else 1e-14
    exact = {"erf": np.vectorize(math.erf), "erfc": np.vectorize(math.erfc)}
    for name, function in exact.items():
        found = ops.convert_to_numpy(getattr(ops, name)(x))
        expected = function(x.astype(np.float64))
        np.testing.assert_allclose(found, expected, rtol=20 * tolerance, atol=1e-37)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_inverse_error_function(dtype):
    y = np.linspace(-3.5, 3.5, 3_001)
    x = np.vectorize(math.erf)(y).astype(dtype)
    # What the rounding of x leaves of y.
    slope = math.sqrt(math.pi) / 2 * np.exp(y**2)
    limit = 4 * np.finfo(dtype).eps * (np.abs(y) + slope * np.abs(x) + 1.0)
    found = ops.convert_to_numpy(ops.erfinv(x)).astype(np.float64)
    assert (np.abs(found - y) <= limit).all()


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float32", "float64"])
def test_ends_of_the_inverse_error_function(dtype):
    result = ops.erfinv(ops.cast(np.array([-2.0, -1.0, 0.0, 1.0, 1.5]), dtype))
    assert result.dtype == dtype
    found = ops.convert_to_numpy(result).astype(np.float64)
    np.testing.assert_array_equal(found, [np.nan, -np.inf, 0.0, np.inf, np.nan])


def test_equal_elements_of_top_k_come_in_order():
    x = np.array([1.0, 3.0, 3.0, np.nan, 3.0, 0.0], np.float32)
    values, indices = ops.top_k(x, 4)
    np.testing.assert_array_equal(ops.convert_to_numpy(indices), [3, 1, 2, 4])
    np.testing.assert_array_equal(ops.convert_to_numpy(values), x[[3, 1, 2, 4]])
    unsigned = np.array([0, 255, 7], np.uint8)
    assert ops.convert_to_numpy(ops.top_k(unsigned, 2)[0]).tolist() == [255, 7]


def test_top_k_of_too_many_elements():
    with pytest.raises(ValueError, match="between 0 and the size of the last axis, 3"):
        ops.top_k(np.zeros(3, np.float32), 4)


@pytest.mark.parametrize("size", [5, 3_000])
def test_in_top_k_of_values_that_are_not_finite(size):
    rows = np.zeros((5, size), np.float32)
    rows[:, :3] = [
        [np.inf, 1.0, 2.0],
        [np.nan, 1.0, 2.0],
        [-np.inf, 1.0, 2.0],
        [1.0, np.nan, 2.0],
        [1.0, 2.0, 3.0],
    ]
    targets = np.array([1, 1, 1, 1, size + 3], np.int32)
    for function in (ops.in_top_k, keras_strata.function(ops.in_top_k)):
        found = ops.convert_to_numpy(function(targets, rows, k=2))
        assert found.tolist() == [False, True, True, False, False]


def test_segments_of_integers():
    x = np.array([5, -7, 2], np.int32)
    ids = np.array([1, 1, 3], np.int32)
    limits = np.iinfo(np.int32)
    for function in (lambda f: f, keras_strata.function):
        maxima = function(lambda a: ops.segment_max(a, ids, 4))(x)
        assert ops.convert_to_numpy(maxima).tolist() == [limits.min, 5, limits.min, 2]
        sums = function(lambda a: ops.segment_sum(a, ids, 4))(x)
        assert ops.convert_to_numpy(sums).tolist() == [0, -2, 0, 2]


def test_the_number_of_segments_is_needed_while_traced():
    function = keras_strata.function(lambda ids: ops.segment_sum(np.ones(3, np.float32), ids))
    with pytest.raises(ValueError, match="`num_segments` must be set"):
        function(np.array([0, 1, 1], np.int32))


@pytest.mark.parametrize("window", ["hann", "hamming"])
def test_istft_is_the_inverse_of_stft(window):
    x = _normal(2, 96).astype(np.float32)
    spectrum = ops.stft(x, 16, 4, 16, window=window)
    back = ops.convert_to_numpy(ops.istft(spectrum, 16, 4, 16, window=window))
    np.testing.assert_allclose(back[:, 8:-8], x[:, 8:-8], atol=1e-5)
