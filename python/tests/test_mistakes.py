"""Common mistakes: the message names what is wrong, and the cure."""

import keras
import numpy as np
import pytest
from keras import layers


def _classifier(**compiled):
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", **compiled)
    return model


@pytest.mark.parametrize("eager", [False, True])
@pytest.mark.parametrize("label", [3, -1])
def test_labels_out_of_range(label, eager):
    model = _classifier(run_eagerly=eager)
    x, y = np.ones((4, 4), "float32"), np.array([0, 1, 2, label])
    for call in (model.fit, model.evaluate):
        with pytest.raises(ValueError, match="3 classes are from 0 to 2, but these are from"):
            call(x, y, verbose=0)


def test_ignored_labels_are_no_mistake():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
    model.compile(
        "sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)
    )
    model.fit(np.ones((4, 4), "float32"), np.array([0, 1, 2, -1]), verbose=0)


@pytest.mark.parametrize(
    "last",
    [
        lambda: layers.Conv2D(4, 5, name="last"),
        lambda: layers.DepthwiseConv2D(5, name="last"),
        lambda: layers.SeparableConv2D(4, 5, name="last"),
        lambda: layers.MaxPooling2D(5, name="last"),
        lambda: layers.AveragePooling2D(5, name="last"),
    ],
)
def test_images_that_are_too_small(last):
    first = [keras.Input((8, 8, 1)), layers.Conv2D(4, 5), layers.MaxPooling2D(2)]
    with pytest.raises(ValueError, match=r"2,? 2,? 4.*Layer 'last'.*padding='same'"):
        keras.Sequential([*first, last()])


def test_data_of_another_shape():
    with pytest.raises(ValueError, match=r"\(None, 4\).*|expected.*4"):
        _classifier().fit(np.ones((4, 5), "float32"), np.zeros(4), verbose=0)


def test_targets_of_another_shape():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match=r"\(4, 7\)|\[4, 7\]"):
        model.fit(np.ones((4, 4), "float32"), np.ones((4, 7)), verbose=0)


def test_a_value_that_is_not_known_while_a_step_is_traced():
    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(1)

        def call(self, x):
            return self.dense(x) if float(keras.ops.sum(x)) > 0 else x

    model = Model()
    model.compile("sgd", "mse")
    with pytest.raises(Exception, match="run_eagerly=True"):
        model.fit(np.ones((4, 1), "float32"), np.ones((4, 1)), verbose=0)


def test_a_gradient_through_a_host_function_names_it():
    import keras_strata

    def loss(x):
        return keras.ops.sum(keras.ops.linalg.svd(x)[1])

    with pytest.raises(ValueError, match="svd"):
        keras_strata.value_and_grad(loss)(np.eye(3, dtype="float32"))


@pytest.mark.parametrize("eager", [False, True])
def test_targets_that_are_missing(eager):
    with pytest.raises(ValueError, match="`None`.*targets"):
        model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
        model.compile("sgd", "mse", run_eagerly=eager)
        model.fit(np.ones((4, 4), "float32"), verbose=0)
