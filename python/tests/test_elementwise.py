"""Elementwise functions: eager and traced values are NumPy's, and gradients its slopes."""

import numpy as np
import pytest
from keras import ops

import keras_strata

# A function of Keras, the same one of NumPy, and the interval of its arguments.
UNARY = {
    "absolute": (ops.absolute, np.absolute, (-2, 2)),
    "arccos": (ops.arccos, np.arccos, (-0.9, 0.9)),
    "arccosh": (ops.arccosh, np.arccosh, (1.1, 4)),
    "arcsin": (ops.arcsin, np.arcsin, (-0.9, 0.9)),
    "arcsinh": (ops.arcsinh, np.arcsinh, (-3, 3)),
    "arctan": (ops.arctan, np.arctan, (-3, 3)),
    "arctanh": (ops.arctanh, np.arctanh, (-0.9, 0.9)),
    "cbrt": (ops.cbrt, np.cbrt, (0.1, 3)),
    "ceil": (ops.ceil, np.ceil, (-3, 3)),
    "clip": (lambda x: ops.clip(x, -1, 1.5), lambda x: np.clip(x, -1, 1.5), (-3, 3)),
    "cos": (ops.cos, np.cos, (-3, 3)),
    "cosh": (ops.cosh, np.cosh, (-3, 3)),
    "deg2rad": (ops.deg2rad, np.deg2rad, (-180, 180)),
    "exp": (ops.exp, np.exp, (-3, 3)),
    "exp2": (ops.exp2, np.exp2, (-3, 3)),
    "expm1": (ops.expm1, np.expm1, (-1, 1)),
    "floor": (ops.floor, np.floor, (-3, 3)),
    "i0": (ops.i0, np.i0, (-6, 6)),
    "log": (ops.log, np.log, (0.1, 4)),
    "log10": (ops.log10, np.log10, (0.1, 4)),
    "log1p": (ops.log1p, np.log1p, (-0.9, 4)),
    "log2": (ops.log2, np.log2, (0.1, 4)),
    "nan_to_num": (ops.nan_to_num, np.nan_to_num, (-3, 3)),
    "negative": (ops.negative, np.negative, (-3, 3)),
    "power_2": (lambda x: x**2, lambda x: x**2, (-3, 3)),
    "power_3": (lambda x: x**3, lambda x: x**3, (-3, 3)),
    "power_4": (lambda x: x**4, lambda x: x**4, (-3, 3)),
    "power_-1": (lambda x: x**-1, lambda x: x**-1.0, (0.2, 3)),
    "power_0.5": (lambda x: x**0.5, np.sqrt, (0.2, 3)),
    "power_-0.5": (lambda x: x**-0.5, lambda x: x**-0.5, (0.2, 3)),
    "power_of_2": (lambda x: 2.0**x, np.exp2, (-3, 3)),
    "rad2deg": (ops.rad2deg, np.rad2deg, (-3, 3)),
    "reciprocal": (ops.reciprocal, np.reciprocal, (0.2, 3)),
    "round": (ops.round, np.round, (-3, 3)),
    "round_1": (lambda x: ops.round(x, 1), lambda x: np.round(x, 1), (-3, 3)),
    "sign": (ops.sign, np.sign, (-3, 3)),
    "sin": (ops.sin, np.sin, (-3, 3)),
    "sinc": (ops.sinc, np.sinc, (-3, 3)),
    "sinh": (ops.sinh, np.sinh, (-3, 3)),
    "sqrt": (ops.sqrt, np.sqrt, (0.1, 4)),
    "square": (ops.square, np.square, (-3, 3)),
    "tan": (ops.tan, np.tan, (-1.2, 1.2)),
    "tanh": (ops.tanh, np.tanh, (-3, 3)),
    "trunc": (ops.trunc, np.trunc, (-3, 3)),
}

BINARY = {
    "add": (ops.add, np.add),
    "arctan2": (ops.arctan2, np.arctan2),
    "divide": (ops.divide, np.divide),
    "divide_no_nan": (ops.divide_no_nan, np.divide),
    "floor_divide": (ops.floor_divide, np.floor_divide),
    "fmax": (ops.fmax, np.fmax),
    "fmin": (ops.fmin, np.fmin),
    "fmod": (ops.fmod, np.fmod),
    "heaviside": (ops.heaviside, np.heaviside),
    "hypot": (ops.hypot, np.hypot),
    "logaddexp": (ops.logaddexp, np.logaddexp),
    "logaddexp2": (ops.logaddexp2, np.logaddexp2),
    "maximum": (ops.maximum, np.maximum),
    "minimum": (ops.minimum, np.minimum),
    "mod": (ops.mod, np.mod),
    "multiply": (ops.multiply, np.multiply),
    "power": (ops.power, np.power),
    "subtract": (ops.subtract, np.subtract),
    "where": (lambda a, b: ops.where(a > b, a, 2 * b), lambda a, b: np.where(a > b, a, 2 * b)),
}

COMPARISONS = ("equal", "greater", "greater_equal", "less", "less_equal", "not_equal")
EXTREMES = np.array([-(2**31), -(2**31) + 1, -(2**24) - 1, -7, -1, 0, 1, 3, 2**24 + 1, 2**31 - 1])


def _values(low: float, high: float, shape=(3, 7), seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(low, high, shape).astype(np.float32)


def _traced(function, *arrays):
    return keras_strata.function(function)(*[ops.convert_to_tensor(a) for a in arrays])


def _gradients(function, *arrays, compiled=keras_strata.function):
    """The gradients of a weighted sum of a function."""

    def loss(tensors):
        result = function(*tensors)
        weights = np.cos(np.arange(result.size)).astype(np.float32).reshape(result.shape)
        return ops.sum(result * weights)

    step = compiled(keras_strata.value_and_grad(loss))
    return step([ops.convert_to_tensor(a) for a in arrays])[1]


def _slopes(function, *arrays, distance: float = 1e-6):
    """The same by finite differences of a NumPy function in float64."""
    arrays = [a.astype(np.float64) for a in arrays]
    result = function(*arrays)
    weights = np.cos(np.arange(result.size)).reshape(result.shape)
    found = []
    for position, array in enumerate(arrays):
        slope = np.zeros_like(array)
        for index in np.ndindex(array.shape):
            moved = []
            for amount in (distance, -distance):
                changed = array.copy()
                changed[index] += amount
                given = [*arrays[:position], changed, *arrays[position + 1 :]]
                moved.append(np.sum(function(*given) * weights))
            slope[index] = (moved[0] - moved[1]) / (2 * distance)
        found.append(slope)
    return found


@pytest.mark.parametrize("name", UNARY)
def test_unary(name):
    function, reference, interval = UNARY[name]
    x = _values(*interval)
    expected = reference(x.astype(np.float64))
    np.testing.assert_allclose(function(ops.convert_to_tensor(x)), expected, 2e-6, 1e-6)
    np.testing.assert_allclose(_traced(function, x), expected, 1e-5, 2e-6)
    [slope] = _slopes(reference, x)
    np.testing.assert_allclose(_gradients(function, x)[0], slope, 1e-4, 1e-4)
    recorded = _gradients(function, x, compiled=lambda step: step)[0]
    np.testing.assert_allclose(recorded, slope, 1e-4, 1e-4)


@pytest.mark.parametrize("shapes", [((3, 5), (3, 5)), ((3, 5), (5,)), ((), (2, 3))], ids=str)
@pytest.mark.parametrize("name", BINARY)
def test_binary(name, shapes):
    function, reference = BINARY[name]
    a, b = _values(0.3, 3, shapes[0], 1), _values(0.3, 3, shapes[1], 2)
    expected = reference(a.astype(np.float64), b.astype(np.float64))
    np.testing.assert_allclose(
        function(ops.convert_to_tensor(a), ops.convert_to_tensor(b)), expected, 1e-5, 1e-6
    )
    np.testing.assert_allclose(_traced(function, a, b), expected, 1e-5, 1e-5)
    gradients, slopes = _gradients(function, a, b), _slopes(reference, a, b)
    for gradient, slope in zip(gradients, slopes, strict=True):
        np.testing.assert_allclose(gradient, slope, 1e-4, 1e-4)


@pytest.mark.parametrize("name", ["floor_divide", "mod", "fmod"])
def test_whole_numbers_are_divided_exactly(name):
    generator = np.random.default_rng(3)
    a = np.concatenate([EXTREMES[1:], generator.integers(-(2**31) + 1, 2**31, 500)])
    b = np.concatenate([[-1, 1, 2, -3, 10, 2**30, -(2**24) - 1], generator.integers(1, 2**20, 50)])
    a, b = a.astype(np.int32)[:, None], b.astype(np.int32)
    expected = getattr(np, name)(a, b)
    np.testing.assert_array_equal(getattr(ops, name)(a, b), expected)
    np.testing.assert_array_equal(_traced(getattr(ops, name), a, b), expected)


@pytest.mark.parametrize("name", COMPARISONS)
def test_comparisons_of_whole_numbers_are_exact(name):
    a = EXTREMES.astype(np.int32)[:, None]
    b = np.concatenate([a.ravel(), a.ravel()[:-1] + 1])
    expected = getattr(np, name)(a, b)
    for result in (getattr(ops, name)(a, b), _traced(getattr(ops, name), a, b)):
        assert result.dtype == "bool"
        np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("name", COMPARISONS)
def test_comparisons_with_nan(name):
    a = np.array([1, np.nan, np.inf, -np.inf, 0], np.float32)[:, None]
    b = a.ravel()
    expected = getattr(np, name)(a, b)
    np.testing.assert_array_equal(_traced(getattr(ops, name), a, b), expected)


@pytest.mark.parametrize("name", ["isfinite", "isinf", "isnan", "isneginf", "isposinf", "signbit"])
def test_classification(name):
    x = np.array([1, np.nan, np.inf, -np.inf, 0, -2, 3e38], np.float32)
    result = _traced(getattr(ops, name), x)
    assert result.dtype == "bool"
    np.testing.assert_array_equal(result, getattr(np, name)(x))


@pytest.mark.parametrize("name", ["logical_and", "logical_or", "logical_xor"])
@pytest.mark.parametrize("dtype", ["bool", "int32", "float32"])
def test_logic(name, dtype):
    a, b = np.array([[0], [1]], dtype), np.array([0, 1], dtype)
    expected = getattr(np, name)(a, b)
    np.testing.assert_array_equal(_traced(getattr(ops, name), a, b), expected)
    bits = {"logical_and": "bitwise_and", "logical_or": "bitwise_or", "logical_xor": "bitwise_xor"}
    if dtype != "float32":
        np.testing.assert_array_equal(_traced(getattr(ops, bits[name]), a, b), expected)


def test_not():
    assert ops.logical_not(np.array([0.0, 2.0])).numpy().tolist() == [True, False]
    assert _traced(ops.bitwise_not, np.array([True, False])).numpy().tolist() == [False, True]
    assert _traced(ops.bitwise_not, np.array([5, 0], np.int32)).numpy().tolist() == [-6, -1]


@pytest.mark.parametrize("name", ["gcd", "lcm", "bitwise_left_shift", "bitwise_right_shift"])
def test_functions_of_bits(name):
    a, b = np.array([[4], [12], [100]], np.int32), np.array([1, 2, 6], np.int32)
    reference = getattr(np, name.removeprefix("bitwise_"))
    np.testing.assert_array_equal(_traced(getattr(ops, name), a, b), reference(a, b))


def test_numbers_beside_tensors_are_weak():
    for dtype in ("bfloat16", "float16", "float32"):
        x = ops.ones((2,), dtype)
        for result in (x * 2.0, 3 + x, x / 4, x**0.5, ops.maximum(x, 0), ops.where(x > 0, x, 1.0)):
            assert result.dtype == dtype
    whole = ops.ones((2,), "int32")
    assert (whole * 2).dtype == "int32"
    assert (whole * 2.0).dtype == "float32"
    assert (whole / 2).dtype == "float32"
    assert (ops.ones((2,), "uint8") + 1).dtype == "uint8"


def test_numbers_beside_tensors_make_no_casts():
    compiled = keras_strata.function(lambda x: ops.maximum(x * 2 - 1.0, 0) / 3)
    result = compiled(ops.ones((2, 3), "bfloat16"))
    assert result.dtype == "bfloat16"
    [plan] = compiled.plans
    assert "cast" not in str(plan)


def test_equal_operands_share_the_gradient():
    zeros = np.zeros(3, np.float32)
    first, second = _gradients(lambda a, b: ops.logaddexp(a, b), zeros, zeros)
    weights = np.cos(np.arange(3))
    np.testing.assert_allclose(first, weights / 2, 1e-6)
    np.testing.assert_allclose(second, weights / 2, 1e-6)


def test_logarithm_of_a_sum_of_infinities():
    a = np.array([np.inf, -np.inf, np.inf, 1000, -200], np.float32)
    b = np.array([np.inf, -np.inf, -np.inf, 1001, -100], np.float32)
    np.testing.assert_allclose(_traced(ops.logaddexp, a, b), np.logaddexp(a, b), 1e-6)


def test_nan_to_num():
    x = np.array([np.nan, np.inf, -np.inf, 1.5], np.float32)
    np.testing.assert_array_equal(_traced(ops.nan_to_num, x), np.nan_to_num(x))
    found = _traced(lambda x: ops.nan_to_num(x, nan=2.0, posinf=3.0, neginf=-4.0), x)
    assert found.numpy().tolist() == [2.0, 3.0, -4.0, 1.5]


def test_isclose():
    a = np.array([1, 1, np.nan, np.inf, np.inf], np.float32)
    b = np.array([1.000001, 1.1, np.nan, np.inf, 1], np.float32)
    for equal_nan in (False, True):
        found = _traced(lambda a, b, e=equal_nan: ops.isclose(a, b, equal_nan=e), a, b)
        np.testing.assert_array_equal(found, np.isclose(a, b, equal_nan=equal_nan))


def test_isin():
    found = _traced(ops.isin, np.array([[1, 2], [3, 4]], np.int32), np.array([2, 3], np.int32))
    assert found.numpy().tolist() == [[False, True], [True, False]]


def test_wide_dtypes_are_numpys_outside_of_graphs():
    whole = np.array([2**40, 3], np.int64)
    assert (ops.convert_to_tensor(whole) + 1).numpy().tolist() == [2**40 + 1, 4]
    precise = ops.convert_to_tensor(np.array([1 / 3]))
    assert ops.exp(precise).numpy().tolist() == np.exp([1 / 3]).tolist()


def test_complex_numbers():
    x = ops.convert_to_tensor(np.array([1 + 2j, -3j], np.complex64))
    assert (x * x).numpy().tolist() == [(-3 + 4j), (-9 + 0j)]
    assert ops.real(x).numpy().tolist() == [1, 0]
    assert ops.conj(x).numpy().tolist() == [1 - 2j, 3j]
    assert ops.absolute(x).dtype == "float32"
    np.testing.assert_allclose(ops.angle(x), np.angle([1 + 2j, -3j]), 1e-6)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "uint16", "int32", "uint32"])
def test_casts_to_integers_are_clipped(dtype):
    x = np.array([-3e9, -70000, -200, -1.7, 0, 1.7, 300, 70000, np.nan, np.inf], np.float32)
    if dtype == "uint32":
        x = x[:-1]
    expected = ops.cast(x, dtype)
    found = _traced(lambda x: ops.cast(ops.cast(x, dtype), "float32"), x)
    np.testing.assert_allclose(found, expected.numpy().astype(np.float32), 1e-6)


def test_large_values():
    x = np.array([1e20, -1e20, 3e18, np.inf, 1e6], np.float32)
    np.testing.assert_allclose(_traced(ops.arcsinh, x), np.arcsinh(x.astype(np.float64)), 1e-6)
    large = np.abs(x)
    np.testing.assert_allclose(_traced(ops.arccosh, large), np.arccosh(large.astype(float)), 1e-6)
    other = np.array([1e20, 1, 4e18, 1, 1e-20], np.float32)
    expected = np.hypot(x.astype(np.float64), other)
    np.testing.assert_allclose(_traced(ops.hypot, x, other), expected, 1e-6)


def test_powers_of_whole_numbers_are_exact():
    x = np.array([-46340, -7, -1, 0, 1, 3, 1290], np.int32)
    for exponent in (0, 1, 2, 3, 5, 7):
        with np.errstate(over="ignore"):
            expected = x**exponent
        np.testing.assert_array_equal(ops.power(x, exponent), expected)
        np.testing.assert_array_equal(_traced(lambda x, n=exponent: x**n, x), expected)
    assert ops.power(np.array([2, 1, -1], np.int32), -3).numpy().tolist() == [0, 1, -1]
