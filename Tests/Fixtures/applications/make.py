"""Writes applications.json: what Keras's applications are made of, for the tests to compare with.

    KERAS_BACKEND=jax python make.py

Each model has its name, the arguments that it was made with, its number of parameters, and its layers in
Keras's order, one text each: class, name, output shape without the batch, shapes of the variables.
Made with Keras 3.15.1; no weights are downloaded.
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
import keras
from keras import applications as a

cases = [
    (a.VGG16, {}),
    (a.VGG16, {"include_top": False, "input_shape": (64, 48, 3), "pooling": "avg"}),
    (a.VGG19, {}),
    (a.ResNet50, {}),
    (a.ResNet50, {"include_top": False, "pooling": "max"}),
    (a.ResNet50, {"classes": 10, "input_shape": (32, 32, 1)}),
    (a.ResNet101, {}),
    (a.ResNet152, {}),
    (a.ResNet50V2, {}),
    (a.ResNet101V2, {}),
    (a.ResNet152V2, {}),
    (a.MobileNet, {}),
    (a.MobileNet, {"alpha": 0.25, "depth_multiplier": 2, "input_shape": (128, 128, 3), "classes": 7}),
    (a.MobileNet, {"include_top": False, "input_shape": (75, 96, 3), "pooling": "avg"}),
    (a.MobileNetV2, {}),
    (a.MobileNetV2, {"alpha": 0.35, "input_shape": (96, 96, 3), "classes": 10}),
    (a.MobileNetV2, {"alpha": 1.4, "include_top": False, "pooling": "max"}),
    (a.MobileNetV3Small, {}),
    (a.MobileNetV3Small, {"input_shape": (64, 64, 3), "alpha": 0.75, "classes": 10}),
    (a.MobileNetV3Small, {"minimalistic": True, "include_preprocessing": False, "dropout_rate": 0.0}),
    (a.MobileNetV3Large, {}),
    (a.MobileNetV3Large, {"include_top": False, "pooling": "avg", "alpha": 1.25}),
    (a.DenseNet121, {}),
    (a.DenseNet121, {"include_top": False, "input_shape": (32, 40, 3)}),
    (a.DenseNet169, {}),
    (a.DenseNet201, {}),
    (a.EfficientNetB0, {}),
    (a.EfficientNetB0, {"input_shape": (33, 64, 3), "classes": 5}),
    (a.EfficientNetB1, {}),
    (a.EfficientNetB2, {}),
    (a.EfficientNetB3, {}),
    (a.EfficientNetB3, {"include_top": False, "pooling": "avg"}),
    (a.Xception, {}),
    (a.Xception, {"include_top": False, "input_shape": (71, 80, 3)}),
    (a.InceptionV3, {}),
    (a.InceptionV3, {"include_top": False, "pooling": "max"}),
]


def shape(dimensions):
    return ",".join("?" if d is None else str(d) for d in dimensions)


def line(layer):
    output = layer.output[0] if isinstance(layer.output, list) else layer.output
    variables = ";".join(shape(v.shape) for v in layer.weights)
    return f"{type(layer).__name__} {layer.name} {shape(output.shape[1:])} {variables}".strip()


models = []
for make, arguments in cases:
    keras.utils.clear_session()
    model = make(weights=None, **arguments)
    models.append(
        {
            "builder": make.__name__,
            "arguments": arguments,
            "name": model.name,
            "parameters": model.count_params(),
            "layers": [line(layer) for layer in model.layers],
        }
    )
    print(model.name, model.count_params(), len(models[-1]["layers"]), flush=True)
    del model

path = pathlib.Path(__file__).with_name("applications.json")
path.write_text(json.dumps(models, indent=0) + "\n")
