"""Tensors as other libraries and Python see them."""

import pickle

import numpy as np
import pytest
from keras import ops

import keras_strata


def test_an_array_and_its_tensor_share_memory():
    array = np.zeros(3, "float32")
    tensor = ops.convert_to_tensor(array)
    array[1] = 5
    assert np.asarray(tensor)[1] == 5
    assert np.shares_memory(np.asarray(tensor), array)
    assert np.shares_memory(np.from_dlpack(tensor), array)
    assert bytes(memoryview(tensor.array)) == array.tobytes()


@pytest.mark.parametrize("library", ["torch", "jax"])
def test_dlpack_gives_tensors_to_other_libraries(library):
    module = pytest.importorskip(library)
    tensor = ops.convert_to_tensor(np.arange(4, dtype="float32"))
    given = module.from_dlpack(tensor) if library == "torch" else module.dlpack.from_dlpack(tensor)
    np.testing.assert_array_equal(np.asarray(given), np.arange(4))
    np.testing.assert_array_equal(ops.convert_to_tensor(given), np.arange(4))


@pytest.mark.parametrize(
    "dtype",
    "float16 float32 float64 bfloat16 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool "
    "complex64".split(),
)
def test_every_dtype_is_kept_pickled_and_printed(dtype):
    tensor = ops.cast(ops.convert_to_tensor([0, 1, 1]), dtype)
    assert tensor.dtype == dtype
    again = pickle.loads(pickle.dumps(tensor))
    assert again.dtype == dtype
    np.testing.assert_array_equal(np.asarray(again), np.asarray(tensor))
    assert dtype in repr(tensor)
    assert (tensor + tensor).shape == (3,)


def test_python_scalars_and_lists():
    assert ops.convert_to_tensor(1).dtype == "int32"
    assert ops.convert_to_tensor(1.0).dtype == "float32"
    assert ops.convert_to_tensor(True).dtype == "bool"
    assert ops.convert_to_tensor(2**40).dtype == "int64"
    assert ops.convert_to_tensor([[1, 2], [3, 4]]).shape == (2, 2)
    assert ops.convert_to_tensor([ops.ones(2), ops.zeros(2)]).shape == (2, 2)
    tensor = ops.convert_to_tensor(3.5)
    assert (float(tensor), int(tensor), f"{tensor:.2f}") == (3.5, 3, "3.50")


def test_operators_with_arrays_and_numbers():
    tensor = ops.convert_to_tensor(np.array([1.0, 2.0], "float32"))
    array = np.array([3.0, 4.0], "float32")
    for result in (array + tensor, tensor + array):
        assert isinstance(result, keras_strata.Tensor)
        np.testing.assert_array_equal(result, [4, 6])
    np.testing.assert_array_equal(1 / tensor, [1, 0.5])
    np.testing.assert_array_equal(2**tensor, [2, 4])
    np.testing.assert_array_equal(-tensor, [-1, -2])
    np.testing.assert_array_equal(tensor == 1, [True, False])
    np.testing.assert_array_equal(np.add(array, tensor), [4, 6])
    assert [float(x) for x in tensor] == [1, 2]


def test_large_tensors_are_computed_by_the_engine_as_small_ones():
    generator = np.random.default_rng(0)
    array = generator.random((100, 100), dtype=np.float32)
    whole = np.asarray(ops.exp(ops.convert_to_tensor(array)))
    rows = [np.asarray(ops.exp(ops.convert_to_tensor(row))) for row in array]
    np.testing.assert_allclose(whole, np.stack(rows), rtol=3e-7)


def test_errors_name_the_shapes_and_a_cure():
    with pytest.raises(ValueError, match=r"\(2, 3\)|\[2, 3\]"):
        ops.add(np.ones((2, 3), "float32"), np.ones((2, 4), "float32"))
