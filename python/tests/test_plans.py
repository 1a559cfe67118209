"""Keras's own spelling of a network has the plan of the same network in Swift.

Keras writes batch normalization, softmax with a crossentropy, dropout, biases and optimizers in its
operations. The plans of both have the same primitives, and no reorder more.
"""

import collections
import os
import pathlib
import re
import subprocess

import pytest
from keras import layers
from trajectories import networks

import keras_strata

_ROOT = pathlib.Path(__file__).parent.parent.parent

# Everything else is elementwise or copies scalars.
_PRIMITIVES = (
    "convolution",
    "convolutionBackwardData",
    "convolutionBackwardWeights",
    "innerProduct",
    "innerProductBackwardData",
    "innerProductBackwardWeights",
    "batchNormalization",
    "batchNormalizationBackward",
    "maximumPooling",
    "maximumPoolingBackward",
    "averagePooling",
    "softmax",
    "dropout",
    "oneHot",
    "matMul",
    "transpose",
)


def _program():
    found = os.environ.get("STRATA_PROGRAM")
    builds = (_ROOT / ".build" / kind / "strata" for kind in ("release", "debug"))
    return found or next((str(path) for path in builds if path.exists()), None)


def dropout_network():
    parts = []
    for filters in (8, 16):
        parts.append(layers.Conv2D(filters, 3, strides=2, activation="relu"))
        parts.append(layers.Dropout(0.2))
    parts += [layers.Flatten(), layers.Dense(32, activation="relu"), layers.Dropout(0.2)]
    return networks._image_classifier((28, 28, 1), parts)


_NETWORKS = {
    name: networks.NETWORKS[name] for name in ("strided_cnn", "lenet", "vgg", "resnet")
} | {"mobilenet_v2": networks.mobilenet_v2, "dropout": dropout_network}


def _steps(plan: str) -> collections.Counter:
    """How many steps of a kind there are: `%4 = convolution+relu(%2, @k)` is one convolution."""
    counts = collections.Counter()
    for line in plan.splitlines():
        found = re.match(r"  \S.*? = (?:\[?\d+ x )?(\w[\w ]*)", line)
        if found:
            counts[found.group(1)] += 1
    return counts


@pytest.mark.parametrize("mode", ["train", "predict"])
@pytest.mark.parametrize("network", _NETWORKS)
def test_a_network_has_the_primitives_of_its_plan_in_swift(network, mode, tmp_path):
    program = _program()
    if program is None:
        pytest.skip("the program strata is not built here")
    model, (x, y), loss = _NETWORKS[network]()
    model.compile("adam", loss)
    model.save(tmp_path / "model.keras")
    result = subprocess.run(
        [program, "plan", tmp_path / "model.keras", "--mode", mode, "--batch", "16"],
        capture_output=True,
        text=True,
        check=True,
    )
    if mode == "train":
        model.train_on_batch(x[:16], y[:16])
    else:
        model.predict_on_batch(x[:16])
    expected = _steps(result.stdout)
    found = _steps(str(keras_strata.plans(model)[mode][-1]))
    assert sum(expected[name] for name in _PRIMITIVES) > 2
    assert {name: found[name] for name in _PRIMITIVES} == {
        name: expected[name] for name in _PRIMITIVES
    }
    assert found["reorder"] <= expected["reorder"]
