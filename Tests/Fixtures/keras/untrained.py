"""Writes NAME.keras into a folder: models that Keras compiled and did not train, or of which a part is missing."""

import os
import pathlib
import sys

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
import keras
import numpy as np

folder = pathlib.Path(sys.argv[1])
optimizers = keras.optimizers


def model():
    return keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(3), keras.layers.Dense(1)])


kinds = (
    "Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl Lamb Lion Nadam RMSprop SGD".split()
)
made = {name: getattr(optimizers, name)() for name in kinds}
made["schedule"] = optimizers.Adam(optimizers.schedules.ExponentialDecay(0.1, 10, 0.9))
made["averages"] = optimizers.Adam(use_ema=True, gradient_accumulation_steps=2)
for name in ("SGD", "Adam", "Nadam"):
    made[f"scaled_{name}"] = optimizers.LossScaleOptimizer(getattr(optimizers, name)())
made["scaled_schedule"] = optimizers.LossScaleOptimizer(
    optimizers.SGD(optimizers.schedules.ExponentialDecay(0.1, 10, 0.9))
)
for name, optimizer in made.items():
    net = model()
    net.compile(optimizer, "mse", metrics=["mae"])
    net.save(folder / f"untrained_{name}.keras")
    net.train_on_batch(np.ones((2, 2)), np.ones((2, 1)))
    net.save(folder / f"trained_{name}.keras")
    net.layers[0].trainable = False
    net.save(folder / f"frozen_{name}.keras")
