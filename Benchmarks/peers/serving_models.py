"""Makes what the servers are measured with: models, and the bodies of requests.

    python serving_models.py FOLDER MODEL...

For each model a file of Keras, `MODEL.keras`, whose pixels are 0 … 255 as those of a picture;
`MODEL.f32`, one picture as a tensor in raw little-endian float32; `MODEL.jpg`, one in the model's
size; and `photo.jpg`, one of 320 × 240 for all. The weights are random: the time of
a prediction does not depend on them.
"""

import argparse
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras  # noqa: E402
import keras_networks  # noqa: E402
import numpy as np  # noqa: E402
import workloads  # noqa: E402
from PIL import Image  # noqa: E402


def model(name):
    """A network that takes pixels of 0 … 255."""
    layers, shape, _ = workloads.workload(name)
    image = keras.Input(shape, name="image")
    x = keras.layers.Rescaling(1 / 255)(image)
    return keras.Model(image, keras.layers.Softmax()(keras_networks.applied(layers, x)), name=name)


def picture(width, height, channels):
    """Edges, gradients and some noise, which compress as a photograph does."""
    random = np.random.default_rng(0)
    y, x = np.mgrid[0:height, 0:width]
    waves = [np.sin(x / (9 + 5 * c)) + np.cos(y / (7 + 3 * c)) for c in range(3)]
    pixels = 128 + 40 * np.stack(waves, axis=-1)
    pixels[(x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2] -= 60
    pixels += random.normal(0, 6, pixels.shape)
    image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    return image.convert("L") if channels == 1 else image


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("models", nargs="+")
    options = parser.parse_args()
    keras.utils.set_random_seed(0)
    for name in options.models:
        model(name).save(options.folder / f"{name}.keras")
        images, _ = workloads.samples(name, 1)
        (images * 255).astype("<f4").tofile(options.folder / f"{name}.f32")
        height, width, channels = images.shape[1:]
        picture(width, height, channels).save(options.folder / f"{name}.jpg", quality=90)
    picture(320, 240, 3).save(options.folder / "photo.jpg", quality=90)


main()
