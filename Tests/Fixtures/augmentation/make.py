"""Writes augmentation.json and folder.json: what Keras makes of images where nothing is left to chance.

Run with Keras 3.15.1, JAX and TensorFlow:  KERAS_BACKEND=jax python Tests/Fixtures/augmentation/make.py

A factor whose two ends are equal is drawn as that number. An entry of augmentation.json is the serialized layer,
the images, and what it gives in training. folder.json holds the bytes of three pictures, and for some arguments
what image_dataset_from_directory gives for them.
"""

import base64
import json
import os
import pathlib
import tempfile

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
import keras
import numpy as np
import tensorflow as tf

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(7)
L = keras.layers
SHAPE = (2, 6, 7, 3)


def both(number):
    return (number, number)


cases = [
    *[L.RandomRotation(both(0.1), fill_mode=m, fill_value=9.0) for m in ("reflect", "wrap", "constant", "nearest")],
    L.RandomRotation(both(-0.07), interpolation="nearest"),
    L.RandomRotation(both(0.25)),
    *[L.RandomTranslation(both(0.3), both(-0.4), fill_mode=m) for m in ("reflect", "wrap", "constant", "nearest")],
    L.RandomTranslation(both(-0.2), both(0.15), interpolation="nearest"),
    *[L.RandomZoom(both(0.4), both(-0.3), fill_mode=m) for m in ("reflect", "wrap", "constant", "nearest")],
    L.RandomZoom(both(-0.5)),
    L.RandomBrightness(both(0.2)),
    L.RandomBrightness(both(-0.2), value_range=(0, 300)),
    L.RandomContrast(both(0.0)),
    L.RandomSaturation(both(0.7)),
    L.RandomSaturation(both(0.3)),
    L.RandomColorDegeneration(both(0.3)),
    L.RandomGrayscale(1.0),
    L.RandomGrayscale(0.0),
    L.RandomSharpness(both(0.1)),
    L.RandomSharpness(both(0.9)),
    L.RandomGaussianBlur(both(1.0), sigma=both(0.8)),
    L.RandomGaussianBlur(both(1.0), kernel_size=(5, 3), sigma=both(1.0)),
    L.RandomInvert(both(1.0)),
    L.RandomPosterization(both(1)),
    L.RandomPosterization(both(4)),
    L.RandomPosterization(both(8)),
    L.Solarization(),
    L.Solarization(addition_factor=(0.0, 0.0), threshold_factor=(0.0, 0.0), value_range=(0, 300)),
    L.AutoContrast(),
    L.AutoContrast(value_range=(0, 300)),
    L.Equalization(),
    L.Equalization(bins=16),
    L.RandomPerspective(both(1.0), scale=0.0),
    L.RandomErasing(both(0.0)),
    L.RandomColorJitter(brightness_factor=both(0.1), contrast_factor=both(0.0), saturation_factor=both(0.6)),
]

entries = []
for layer in cases:
    layer.trainable = True
    x = rng.integers(0, 256, SHAPE).astype("float32")
    x[1, :, :, 1] = 40.0  # a channel of one grey
    y = np.asarray(layer(x, training=True))
    entries.append([keras.saving.serialize_keras_object(layer), x.ravel().tolist(), [round(float(v), 4) for v in y.ravel()]])


def text(entry):
    return json.dumps(entry, separators=(",", ":"))


(here / "augmentation.json").write_text("[\n" + ",\n".join(map(text, entries)) + "\n]\n")

pictures = []
for name, size, mode in (("a/0.png", (7, 5), "RGB"), ("a/1.png", (4, 9), "L"), ("b/2.png", (6, 6), "RGBA")):
    array = rng.integers(0, 256, (size[1], size[0], len(mode) if mode != "L" else 1)).astype("uint8")
    pictures.append([name, base64.b64encode(tf.io.encode_png(array).numpy()).decode()])

results = []
with tempfile.TemporaryDirectory() as folder:
    for name, data in pictures:
        path = pathlib.Path(folder, name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(base64.b64decode(data))
    for arguments in (
        {},
        {"interpolation": "nearest"},
        {"interpolation": "bicubic"},
        {"interpolation": "lanczos3"},
        {"interpolation": "lanczos5"},
        {"color_mode": "grayscale"},
        {"color_mode": "rgba"},
        {"crop_to_aspect_ratio": True},
        {"pad_to_aspect_ratio": True},
        {"label_mode": "categorical"},
        {"label_mode": "binary"},
        {"label_mode": None},
        {"class_names": ["b", "a"]},
        {"image_size": [3, 12], "validation_split": 0.4, "subset": "training"},
        {"image_size": [12, 3], "validation_split": 0.4, "subset": "validation"},
    ):
        given = {"image_size": [5, 6], "shuffle": False, "batch_size": 3, **arguments}
        data = keras.utils.image_dataset_from_directory(folder, verbose=False, **given)
        batch = next(iter(data))
        x, y = batch if isinstance(batch, tuple) else (batch, None)
        results.append(
            [
                given,
                list(x.shape),
                [round(float(v), 3) for v in np.asarray(x).ravel()],
                None if y is None else np.asarray(y).astype(float).ravel().tolist(),
            ]
        )
(here / "folder.json").write_text(
    "[" + json.dumps(pictures) + ",\n[\n" + ",\n".join(map(text, results)) + "\n]]\n"
)
