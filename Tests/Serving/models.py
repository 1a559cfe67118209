"""Small models as `.keras` files, whose answers follow from arithmetic."""

import collections
import io
import json
import zipfile
from pathlib import Path

import h5py
import numpy as np


def _input(name, shape, dtype="float32"):
    return {
        "module": "keras.layers",
        "class_name": "InputLayer",
        "config": {"batch_shape": [None, *shape], "dtype": dtype, "name": name},
        "registered_name": None,
        "name": name,
        "inbound_nodes": [],
    }


def _layer(class_name, name, inputs, **config):
    """A layer; `inputs` are (layer, shape, dtype) of what it is called on, one or a list."""

    def tensor(of):
        layer, shape, dtype = of
        return {
            "class_name": "__keras_tensor__",
            "config": {
                "shape": [None, *shape],
                "dtype": dtype,
                "keras_history": [layer, 0, 0],
            },
        }

    several = isinstance(inputs, list)
    args = [[tensor(of) for of in inputs]] if several else [tensor(inputs)]
    shapes = [[None, *of[1]] for of in (inputs if several else [inputs])]
    return {
        "module": "keras.layers",
        "class_name": class_name,
        "config": {"name": name, "trainable": True, "dtype": "float32", **config},
        "registered_name": None,
        "build_config": {"input_shape": shapes if several else shapes[0]},
        "name": name,
        "inbound_nodes": [{"args": args, "kwargs": {}}],
    }


def _write(path, layers, inputs, outputs, weights=(), class_names=None):
    """Writes a functional model as Keras 3 does.

    Parameters
    ----------
    weights : pairs of a layer's name and its arrays.
    """
    config = {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": {
            "name": Path(path).stem,
            "trainable": True,
            "layers": layers,
            "input_layers": [[name, 0, 0] for name in inputs],
            "output_layers": [[name, 0, 0] for name in outputs],
        },
        "registered_name": "Functional",
    }
    weights = dict(weights)
    h5 = io.BytesIO()
    with h5py.File(h5, "w") as file:
        file.create_group("vars")
        seen = collections.Counter()
        for layer in layers:
            # Keras counts the layers of a class, and does not ask for their names.
            kind = layer["class_name"].lower()
            number = f"_{seen[kind]}" if seen[kind] else ""
            seen[kind] += 1
            group = file.create_group(f"layers/{kind}{number}/vars")
            for index, array in enumerate(weights.get(layer["name"], [])):
                group[str(index)] = np.asarray(array, np.float32)
    # Beside the file and then in its place, as a server that looks for new files needs it.
    new = Path(f"{path}.new")
    with zipfile.ZipFile(new, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.15.1"}))
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", h5.getvalue())
        if class_names:
            archive.writestr("assets/class_names.json", json.dumps(class_names))
    new.rename(path)
    return path


KERNEL = np.array([[1, 0, 2], [0, 1, -1], [3, 0, 0], [0, 0.5, 0]], np.float32)


def linear(path, bias=(0, 10, 20)):
    """`x` [4] to `x · KERNEL + bias`."""
    layers = [
        _input("x", [4]),
        _layer("Dense", "y", ("x", [4], "float32"), units=3, activation="linear"),
    ]
    return _write(path, layers, ["x"], ["y"], [("y", [KERNEL, bias])])


def pair(path):
    """`a` and `b` [2, 3] to `sum` a + b and `product` a · b."""
    both = [("a", [2, 3], "float32"), ("b", [2, 3], "float32")]
    layers = [
        _input("a", [2, 3]),
        _input("b", [2, 3]),
        _layer("Add", "sum", both),
        _layer("Multiply", "product", both),
    ]
    return _write(path, layers, ["a", "b"], ["sum", "product"])


def scaled(path, dtype):
    """`x` [5] of a type to `2 x + 1`."""
    layers = [
        _input("x", [5], dtype),
        _layer("Rescaling", "y", ("x", [5], dtype), scale=2.0, offset=1.0),
    ]
    return _write(path, layers, ["x"], ["y"])


def colours(path):
    """A picture [8, 8, 3] to the probabilities of red, green and blue: softmax of its mean."""
    return _colours(path, [], ("picture", [8, 8, 3], "float32"))


def corner(path):
    """As `colours`, of the upper left quarter alone."""
    quarter = _layer(
        "Cropping2D", "quarter", ("picture", [8, 8, 3], "float32"), cropping=[[0, 4], [0, 4]]
    )
    return _colours(path, [quarter], ("quarter", [4, 4, 3], "float32"))


def _colours(path, first, part):
    """The classes of a part of the picture."""
    shape = part[1]
    layers = [
        _input("picture", [8, 8, 3]),
        *first,
        _layer("Rescaling", "scale", part, scale=8 / 255, offset=0.0),
        _layer("GlobalAveragePooling2D", "mean", ("scale", shape, "float32")),
        _layer("Dense", "colour", ("mean", [3], "float32"), units=3, activation="softmax"),
    ]
    return _write(
        path,
        layers,
        ["picture"],
        ["colour"],
        [("colour", [np.eye(3), np.zeros(3)])],
        class_names=["red", "green", "blue"],
    )


def slow(path):
    """`picture` [32, 32, 8], enlarged, through convolutions: some 3 GFLOP for 32 KB."""
    picture, large = [32, 32, 8], [256, 256, 8]
    layers = [
        _input("picture", picture),
        _layer("UpSampling2D", "large", ("picture", picture, "float32"), size=[8, 8]),
    ]
    weights = []
    before = ("large", large, "float32")
    for index in range(16):
        name = f"conv{index}"
        layers.append(_layer("Conv2D", name, before, filters=8, kernel_size=[5, 5], padding="same"))
        weights.append((name, [np.zeros((5, 5, 8, 8)), np.full(8, index)]))
        before = (name, large, "float32")
    layers.append(_layer("GlobalAveragePooling2D", "mean", before))
    return _write(path, layers, ["picture"], ["mean"], weights)
