"""Models exported to ONNX files, which ONNX Runtime computes as `predict` does."""

import os

import keras
import numpy as np
import pytest
from keras import layers
from keras import ops

onnxruntime = pytest.importorskip("onnxruntime")


@pytest.fixture(autouse=True)
def _seed():
    keras.utils.set_random_seed(7)


def _session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _check(model, path, *batches, **options):
    """Exports a model, and compares what the file computes with what the model predicts.

    Returns:
        The session of the file.
    """
    model.export(path, format="onnx", verbose=False, **options)
    session = _session(path)
    names = [x.name for x in session.get_inputs()]
    for batch in batches:
        arrays = keras.tree.flatten(batch)
        found = session.run(None, dict(zip(names, arrays, strict=True)))
        expected = keras.tree.flatten(model.predict(batch, verbose=0))
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert one.shape == other.shape
            assert one.dtype == other.dtype
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)
    return session


def _images(*shape):
    return np.random.default_rng(3).normal(size=shape).astype("float32")


def _with_trained_statistics(model, x):
    """The model after its normalizations have seen data."""
    model(x, training=True)
    return model


def test_a_network_with_batch_normalization_and_softmax(tmp_path):
    model = keras.Sequential(
        [
            keras.Input((16, 16, 3), name="image"),
            layers.Conv2D(8, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPooling2D(),
            layers.SeparableConv2D(12, 3, activation="gelu"),
            layers.AveragePooling2D(2, padding="same"),
            layers.Dropout(0.5),
            layers.Flatten(),
            layers.Dense(5, activation="softmax", name="classes"),
        ]
    )
    x = _images(4, 16, 16, 3)
    _with_trained_statistics(model, 2 * x + 1)
    session = _check(model, tmp_path / "model.onnx", x, _images(1, 16, 16, 3))
    (image,), (classes,) = session.get_inputs(), session.get_outputs()
    assert (image.name, image.shape) == ("image", ["batch", 16, 16, 3])
    assert (classes.name, classes.shape) == ("classes", ["batch", 5])
    assert image.type == classes.type == "tensor(float)"


def test_channels_first(tmp_path):
    model = keras.Sequential(
        [
            keras.Input((3, 12, 12)),
            layers.Conv2D(6, 3, strides=2, padding="same", data_format="channels_first"),
            layers.BatchNormalization(axis=1),
            layers.LeakyReLU(),
            layers.Conv2DTranspose(4, 3, strides=2, data_format="channels_first"),
            layers.GlobalAveragePooling2D(data_format="channels_first"),
        ]
    )
    x = _images(3, 3, 12, 12)
    _check(_with_trained_statistics(model, x), tmp_path / "model.onnx", x)


def test_several_inputs_and_outputs(tmp_path):
    image = keras.Input((8, 8, 2), name="image")
    numbers = keras.Input((3,), name="numbers")
    x = layers.Conv2D(4, 3, activation="swish")(image)
    x = layers.GlobalMaxPooling2D()(x)
    both = layers.Concatenate()([x, layers.Dense(4)(numbers)])
    outputs = [layers.Dense(1, name="one")(both), layers.Dense(2, name="two")(both)]
    model = keras.Model([image, numbers], outputs)
    session = _check(model, tmp_path / "model.onnx", [_images(2, 8, 8, 2), _images(2, 3)])
    assert [x.name for x in session.get_inputs()] == ["image", "numbers"]
    assert [x.name for x in session.get_outputs()] == ["one", "two"]


def test_dictionaries_of_inputs_and_outputs(tmp_path):
    class Difference(keras.Model):
        def call(self, inputs):
            a, b = inputs["a"], inputs["b"]
            return {"less": a < b, "difference": a - b}

    model = Difference()
    x = {"a": _images(3, 2), "b": -_images(3, 2)}
    model(x)
    session = _check(model, tmp_path / "model.onnx", x)
    assert [x.name for x in session.get_outputs()] == ["difference", "less"]


def test_images_of_any_size(tmp_path):
    model = keras.Sequential(
        [
            keras.Input((None, None, 3)),
            layers.Conv2D(4, 3, strides=2, padding="same", activation="relu"),
            layers.DepthwiseConv2D(5, padding="same"),
            layers.UpSampling2D(2),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    batches = [_images(2, 33, 20, 3), _images(1, 16, 47, 3)]
    session = _check(model, tmp_path / "model.onnx", *batches)
    assert session.get_inputs()[0].shape[3] == 3
    assert all(isinstance(x, str) for x in session.get_inputs()[0].shape[:3])


def test_one_size_of_a_model_for_any(tmp_path):
    model = keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(4, 3)])
    signature = [keras.InputSpec(shape=(2, 9, 8, 3), dtype="float32", name="photo")]
    session = _check(model, tmp_path / "model.onnx", _images(2, 9, 8, 3), input_signature=signature)
    assert session.get_inputs()[0].name == "photo"
    assert session.get_inputs()[0].shape == [2, 9, 8, 3]
    assert session.get_outputs()[0].shape == [2, 7, 6, 4]


def test_integers_and_bytes_enter_as_they_are(tmp_path):
    words = keras.Input((5,), dtype="int32", name="words")
    pixels = keras.Input((4, 4, 1), dtype="uint8", name="pixels")
    x = layers.Embedding(11, 3)(words)
    y = layers.Rescaling(1 / 255)(pixels)
    y = layers.Flatten()(y)
    model = keras.Model([words, pixels], [layers.Flatten()(x), y])
    generator = np.random.default_rng(5)
    batch = [
        generator.integers(0, 11, (2, 5)).astype("int32"),
        generator.integers(0, 256, (2, 4, 4, 1)).astype("uint8"),
    ]
    session = _check(model, tmp_path / "model.onnx", batch)
    assert [x.type for x in session.get_inputs()] == ["tensor(int32)", "tensor(uint8)"]


def test_attention_and_layer_normalization(tmp_path):
    x = keras.Input((6, 8))
    y = layers.MultiHeadAttention(2, 4)(x, x)
    y = layers.LayerNormalization()(layers.Add()([x, y]))
    model = keras.Model(x, y)
    _check(model, tmp_path / "model.onnx", _images(3, 6, 8), _images(1, 6, 8))


def test_cumulative_sums(tmp_path):
    class Sums(layers.Layer):
        def call(self, x):
            return ops.cumsum(ops.transpose(x, (0, 2, 1)), axis=1)

    x = keras.Input((4, 3))
    _check(keras.Model(x, Sums()(x)), tmp_path / "model.onnx", _images(2, 4, 3))


def test_a_recurrent_network(tmp_path):
    model = keras.Sequential([keras.Input((4, 3)), layers.LSTM(5), layers.Dense(2)])
    _check(model, tmp_path / "model.onnx", _images(3, 4, 3), _images(1, 4, 3))


def test_a_gradient_of_its_own_changes_nothing(tmp_path):
    @ops.custom_gradient
    def clipped(x):
        def gradient(*args, upstream=None):
            return ops.clip(args[0] if upstream is None else upstream, -1, 1)

        return ops.multiply(x, 3.0), gradient

    model = keras.Sequential([keras.Input((4,)), layers.Lambda(clipped), layers.Dense(2)])
    _check(model, tmp_path / "model.onnx", _images(3, 4))


@pytest.mark.parametrize("version", [15, 18])
def test_the_version_of_operators(tmp_path, version):
    model = keras.Sequential([keras.Input((4, 3)), layers.GlobalAveragePooling1D()])
    _check(model, tmp_path / "model.onnx", _images(2, 4, 3), opset_version=version)


def test_another_version_of_operators_is_refused(tmp_path):
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    with pytest.raises(ValueError, match="use 15 to 18"):
        model.export(tmp_path / "model.onnx", format="onnx", opset_version=9)
    assert os.listdir(tmp_path) == []


def test_the_model_is_as_before(tmp_path):
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(3, activity_regularizer="l2"), layers.Dense(1)]
    )
    before = model.predict(_images(2, 4), verbose=0)
    model.export(tmp_path / "model.onnx", format="onnx", verbose=False)
    assert model.losses == []
    np.testing.assert_array_equal(model.predict(_images(2, 4), verbose=0), before)


def test_a_file_is_replaced_when_the_new_one_is_complete(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(b"old")
    model = keras.Sequential([keras.Input((4,)), layers.Lambda(lambda x: ops.sort(x))])
    with pytest.raises(ValueError, match=r"the operation .*sort.* has no form in ONNX"):
        model.export(path, format="onnx")
    assert path.read_bytes() == b"old"
    keras.Sequential([keras.Input((4,)), layers.Dense(1)]).export(path, format="onnx")
    assert os.listdir(tmp_path) == ["model.onnx"]
    assert path.read_bytes()[:2] == b"\x08\x08"


def test_random_numbers_have_no_form(tmp_path):
    x = keras.Input((4,))

    class Noise(layers.Layer):
        def __init__(self):
            super().__init__()
            self.seeds = keras.random.SeedGenerator(3)

        def call(self, x):
            return x + keras.random.uniform((1, 4), seed=self.seeds)

    with pytest.raises(ValueError, match="no form in ONNX"):
        keras.Model(x, Noise()(x)).export(tmp_path / "model.onnx", format="onnx")


def test_what_depends_on_the_size_asks_for_the_size(tmp_path):
    x = keras.Input((None, 2))
    mean = layers.Lambda(lambda x: ops.sum(x, axis=1) / ops.cast(ops.shape(x)[1], "float32"))
    model = keras.Model(x, mean(x))
    with pytest.raises(ValueError, match="input_signature in which only the number of samples"):
        model.export(tmp_path / "model.onnx", format="onnx")
    signature = [keras.InputSpec(shape=(None, 6, 2), dtype="float32")]
    _check(model, tmp_path / "model.onnx", _images(2, 6, 2), input_signature=signature)


def test_unknown_options_and_folders_are_refused(tmp_path):
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    with pytest.raises(ValueError, match="no options \\['dynamo'\\]"):
        model.export(tmp_path / "model.onnx", format="onnx", dynamo=True)
    with pytest.raises(FileNotFoundError, match="Make the folder"):
        model.export(tmp_path / "none" / "model.onnx", format="onnx")


def test_a_saved_model_is_refused(tmp_path):
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    with pytest.raises(NotImplementedError, match="export it with"):
        model.export(tmp_path / "folder", format="tf_saved_model")
    with pytest.raises(NotImplementedError, match="SavedModel"):
        keras.export.ExportArchive()
