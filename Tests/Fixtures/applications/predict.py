"""Makes small models of Keras's applications with random weights, and writes what they predict.

    python predict.py FOLDER

For each model FOLDER/NAME.weights.h5, and FOLDER/NAME.safetensors with images x and predictions y.
"""

import os
import pathlib
import sys

# Its convolutions are JAX's; with the backend of that name JAX compiles every other operation too, for each shape.
os.environ["KERAS_BACKEND"] = "numpy"
os.environ["JAX_PLATFORMS"] = "cpu"
import jax
import keras
import numpy as np
from keras import applications as a
from safetensors.numpy import save_file

jax.config.update("jax_default_matmul_precision", "highest")
# First values are not wanted, and drawing them takes most of the time.
keras.initializers.VarianceScaling.__call__ = lambda self, shape, dtype=None: np.zeros(shape, dtype)

row = {"include_top": False, "pooling": "avg"}
cases = {
    "vgg16": (a.VGG16, {"input_shape": (32, 32, 3)} | row),
    "resnet50": (a.ResNet50, {"input_shape": (32, 32, 3)} | row),
    "resnet50v2": (a.ResNet50V2, {"input_shape": (40, 32, 3)} | row),
    "mobilenet": (a.MobileNet, {"input_shape": (64, 64, 3), "alpha": 0.25, "classes": 10}),
    "mobilenetv2": (a.MobileNetV2, {"input_shape": (65, 64, 3), "alpha": 0.35, "classes": 10}),
    "mobilenetv3small": (a.MobileNetV3Small, {"input_shape": (64, 64, 3), "classes": 10}),
    "mobilenetv3large": (a.MobileNetV3Large, {"input_shape": (64, 64, 3)} | row),
    "densenet121": (a.DenseNet121, {"input_shape": (32, 32, 3)} | row),
    "efficientnetb0": (a.EfficientNetB0, {"input_shape": (64, 64, 3), "classes": 10}),
    "xception": (a.Xception, {"input_shape": (71, 71, 3)} | row),
    "inceptionv3": (a.InceptionV3, {"input_shape": (75, 75, 3)} | row),
}

folder = pathlib.Path(sys.argv[1])
for name, (make, arguments) in cases.items():
    keras.utils.clear_session()
    if arguments.get("include_top", True):
        arguments = arguments | {"classifier_activation": None}
    model = make(weights=None, **arguments)
    draw = np.random.default_rng(7)
    for variable in model.variables:
        kind = variable.path.split("/")[-1]
        if kind == "count" or "seed" in kind:
            continue
        shape = variable.shape
        if kind in ("gamma", "variance", "moving_variance"):
            value = draw.uniform(0.5, 1.5, shape)
        elif kind in ("beta", "bias", "mean", "moving_mean"):
            value = draw.uniform(-0.2, 0.2, shape)
        else:
            # Activations keep their size from layer to layer; a channel's own kernel has one input.
            fan = np.prod(shape[:-2]) if len(shape) == 4 else 1
            inputs = 1 if "depthwise" in variable.path or "_dw" in variable.path else shape[-2]
            value = draw.normal(0, (2 / (fan * inputs)) ** 0.5, shape)
        variable.assign(value.astype("float32"))
    x = draw.uniform(-1, 1, (2,) + model.input_shape[1:]).astype("float32")
    if name.startswith(("mobilenetv3", "efficientnet")):
        x = 127.5 * (x + 1)
    model.save_weights(folder / f"{name}.weights.h5")
    # Normalization takes over its weights only where they are loaded.
    model.load_weights(folder / f"{name}.weights.h5")
    save_file(
        {"x": x, "y": np.ascontiguousarray(model(x, training=False))}, folder / f"{name}.safetensors")
