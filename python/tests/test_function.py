"""Compiled functions: traced once for each kind of arguments, with variables and gradients."""

import copy
import os
import pickle
import signal
import threading

import keras
import numpy as np
import pytest
from keras import ops

import keras_strata
from keras_strata.src.engine import library


def test_a_function_is_traced_once_for_each_shape_and_dtype():
    calls = []

    @keras_strata.function
    def double(x):
        calls.append(x.shape)
        return x * 2

    for _ in range(3):
        np.testing.assert_array_equal(double(np.ones(2, "float32")), [2, 2])
    double(np.ones(3, "float32"))
    double(np.ones(2, "int32"))
    assert calls == [(2,), (3,), (2,)]


def test_a_function_is_traced_again_for_other_values_that_are_no_tensors():
    scaled = keras_strata.function(lambda x, by: x * by)
    x = np.ones(2, "float32")
    np.testing.assert_array_equal(scaled(x, 2), [2, 2])
    np.testing.assert_array_equal(scaled(x, 3), [3, 3])


def test_results_keep_their_structure_and_constants():
    @keras_strata.function
    def results(inputs):
        return {"sum": inputs["a"] + inputs["b"][0], "name": "x", "none": None}

    found = results({"a": np.float32(1), "b": [np.float32(2)]})
    assert float(found["sum"]) == 3
    assert found["name"] == "x"
    assert found["none"] is None


def test_variables_are_read_and_assigned_in_order():
    variable = keras.Variable(np.float32(1))

    @keras_strata.function
    def step(x):
        before = variable + 0
        variable.assign_add(x)
        after = variable * 10
        return before, after

    before, after = step(np.float32(2))
    assert (float(before), float(after), float(variable)) == (1, 30, 3)
    variable.assign(5.0)
    before, after = step(np.float32(2))
    assert (float(before), float(after), float(variable)) == (5, 70, 7)


def test_a_variable_that_is_made_inside_has_its_initial_value():
    made = []

    @keras_strata.function
    def first(x):
        if not made:
            made.append(keras.Variable(keras.initializers.Ones(), (2,)))
        return x + made[0]

    np.testing.assert_array_equal(first(np.ones(2, "float32")), [2, 2])


def test_the_value_of_a_traced_tensor_is_an_error_with_a_cure():
    @keras_strata.function
    def positive(x):
        return x if x > 0 else -x

    with pytest.raises(TypeError, match="run_eagerly=True"):
        positive(np.float32(1))


def test_a_function_inside_a_function_is_part_of_its_plan():
    inner = keras_strata.function(lambda x: x + 1)
    outer = keras_strata.function(lambda x: inner(x) * 2)
    assert float(outer(np.float32(1))) == 4
    assert not inner.plans


def test_gradients_are_the_same_eagerly_and_compiled():
    w = keras.Variable(np.array([[1.0, -2.0], [3.0, 0.5]], "float32"))
    x = np.array([[1.0, 2.0]], "float32")

    def loss(x):
        return ops.sum(ops.tanh(ops.matmul(x, w)) ** 2)

    def both(x):
        return keras_strata.value_and_grad(loss, [w])(x)

    value, (gradient,) = both(x)
    compiled_value, (compiled_gradient,) = keras_strata.function(both)(x)
    y = np.tanh(x @ np.array(w))
    expected = x.T @ (2 * y * (1 - y**2))
    np.testing.assert_allclose(value, np.sum(y**2), rtol=1e-5)
    np.testing.assert_allclose(gradient, expected, rtol=1e-5)
    np.testing.assert_allclose(compiled_value, value, rtol=1e-6)
    np.testing.assert_allclose(compiled_gradient, gradient, rtol=1e-6)


def test_gradients_with_respect_to_the_first_argument_and_with_auxiliary_results():
    def loss(inputs):
        return ops.sum(inputs["x"] ** 3), "aux"

    (value, aux), gradients = keras_strata.value_and_grad(loss, has_aux=True)({"x": np.float32(2)})
    assert (float(value), aux, float(gradients["x"])) == (8, "aux", 12)


@pytest.mark.parametrize("wrap", [lambda f: f, keras_strata.function])
def test_gradients_of_gradients(wrap):
    def cube(x):
        return x**3

    def slope(x):
        return keras_strata.value_and_grad(cube)(x)[1]

    value, second = wrap(keras_strata.value_and_grad(slope))(ops.convert_to_tensor(2.0))
    assert (float(value), float(second)) == (12, 12)


def test_a_loss_that_is_no_scalar_is_an_error():
    with pytest.raises(ValueError, match="scalar"):
        keras_strata.value_and_grad(lambda x: x * 2)(np.ones(2, "float32"))


def test_threads_trace_apart():
    results = {}

    def work(number):
        function = keras_strata.function(lambda x: x * number)
        for _ in range(20):
            results[number] = float(function(np.float32(1)))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: number for number in range(4)}


def test_threads_share_a_function():
    variable = keras.Variable(np.float32(0))
    step = keras_strata.function(lambda x: variable.assign_add(x))
    step(np.float32(0))

    def work():
        for _ in range(50):
            step(np.float32(1))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert float(variable) == 200


def test_variables_are_copied_and_pickled_with_their_values():
    variable = keras.Variable(np.arange(3, dtype="float32"))
    keras_strata.function(lambda: variable.assign(variable * 2))()
    for other in (copy.deepcopy(variable), pickle.loads(pickle.dumps(variable))):
        np.testing.assert_array_equal(other, [0, 2, 4])
        other.assign_add([1, 1, 1])
    np.testing.assert_array_equal(variable, [0, 2, 4])


def test_no_handle_of_the_engine_is_left():
    import ctypes
    import gc

    def count():
        gc.collect()
        number = ctypes.c_int64()
        library.library.handle_count(number)
        return number.value

    def run():
        w = keras.Variable(np.ones((2, 2), "float32"))
        step = keras_strata.function(
            lambda x: keras_strata.value_and_grad(lambda: ops.sum(ops.matmul(x, w)), [w])()
        )
        step(np.ones((1, 2), "float32"))

    run()
    before = count()
    run()
    assert count() == before


@pytest.mark.parametrize("dtype", ["float8_e4m3fn", "float8_e5m2"])
def test_casts_to_8_bits_round_while_traced(dtype):
    def rounded(x):
        return ops.cast(ops.cast(x, dtype), "float32")

    x = np.linspace(-3, 3, 7, dtype="float32") * 1.037
    np.testing.assert_array_equal(keras_strata.function(rounded)(x), rounded(x))
    _, gradient = keras_strata.value_and_grad(lambda x: ops.sum(rounded(x)))(x)
    np.testing.assert_array_equal(gradient, np.ones(7))


@pytest.mark.parametrize("wrap", [lambda f: f, keras_strata.function])
def test_an_assignment_has_no_gradient_but_what_is_read_after_it_has(wrap):
    variable = keras.Variable(np.float32(3))

    def loss():
        before = variable.value * variable.value
        variable.assign(variable * 4)
        return before + 5 * variable.value

    value, (gradient,) = wrap(keras_strata.value_and_grad(loss, [variable]))()
    assert (float(value), float(gradient), float(variable.value)) == (69, 11, 12)


@pytest.mark.parametrize("source", ["int32", "int16", "uint8", "int8"])
@pytest.mark.parametrize("target", ["int8", "uint8", "int16", "uint16"])
def test_casts_of_integers_wrap_while_traced(source, target):
    def wrapped(x):
        return ops.cast(ops.cast(x, target), "float32")

    x = np.array([-(2**31), -70000, -129, -1, 0, 127, 128, 255, 256, 2**31 - 1]).astype(source)
    np.testing.assert_array_equal(keras_strata.function(wrapped)(x), wrapped(x))


def test_the_child_of_a_fork_computes_on_its_own():
    x = np.ones((64, 20, 20, 1), "float32")
    kernel = np.ones((3, 3, 1, 8), "float32")
    convolved = keras_strata.function(lambda x: ops.conv(x, kernel))
    expected = np.asarray(convolved(x))
    eager = np.asarray(ops.exp(x))
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        is_same = np.array_equal(convolved(x), expected) and np.array_equal(ops.exp(x), eager)
        os.write(writer, b"same" if is_same else b"other")
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    assert os.read(reader, 8) == b"same"
    np.testing.assert_array_equal(convolved(x), expected)
