"""How many images a second Keras trains the network of `strata benchmark fashion` on.

usage: KERAS_BACKEND=tensorflow|jax|torch python keras_fashion.py
Two threads are used where OMP_NUM_THREADS and the machine say so. Prints five windows and their median.
"""

import statistics
import time

import keras
import numpy as np
from keras import layers

BATCH = 128
STEPS = 64

random = np.random.default_rng(0)
images = random.random((BATCH * STEPS, 28, 28, 1), dtype="float32")
labels = random.integers(0, 10, BATCH * STEPS)

model = keras.Sequential([keras.Input((28, 28, 1))])
for filters in (32, 64, 128):
    model.add(layers.Conv2D(filters, 3, strides=2, activation="relu"))
    model.add(layers.Dropout(0.2))
model.add(layers.Flatten())
model.add(layers.Dense(512, activation="relu"))
model.add(layers.Dropout(0.2))
model.add(layers.Dense(10, activation="softmax"))
model.compile("adam", "sparse_categorical_crossentropy")

rates = []
for window in range(6):
    begin = time.perf_counter()
    model.fit(images, labels, batch_size=BATCH, epochs=1, verbose=0)
    if window > 0:  # the first one compiles
        rates.append(len(images) / (time.perf_counter() - begin))
print(keras.backend.backend(), keras.__version__, [round(rate) for rate in rates])
print("median", round(statistics.median(rates)), "images/s")
