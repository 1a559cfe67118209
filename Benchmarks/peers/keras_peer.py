"""Keras on TensorFlow or JAX. The variant is the backend: tensorflow or jax."""

import os

import worker

options = worker.arguments()
os.environ["KERAS_BACKEND"] = options.variant
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras  # noqa: E402
import keras_networks  # noqa: E402
import workloads  # noqa: E402

def tensorflow_runs(model, x, y):
    import tensorflow as tf

    batches = iter(tf.data.Dataset.from_tensors((tf.constant(x), tf.constant(y))).repeat())
    model.make_train_function()
    forward = tf.function(lambda images: model(images, training=False))
    images = tf.constant(x)

    def train(steps):
        for _ in range(steps):
            logs = model.train_function(batches)
        float(logs["loss"])

    def predict(steps):
        for _ in range(steps):
            forward(images).numpy()

    return train, predict, {"TensorFlow": tf.__version__}


def jax_runs(model, x, y):
    import jax
    import numpy as np

    forward = jax.jit(
        lambda weights, rest, images: model.stateless_call(weights, rest, images)[0])
    weights = [v.value for v in model.trainable_variables]
    rest = [v.value for v in model.non_trainable_variables]
    data = {}

    def train(steps):
        # The time to start an epoch belongs to fit, not to a step: few, long epochs.
        count = steps * options.batch
        if count not in data:
            data[count] = np.tile(x, (steps, 1, 1, 1)), np.tile(y, steps)
        model.fit(*data[count], batch_size=options.batch, epochs=1, shuffle=False, verbose=0)

    def predict(steps):
        for _ in range(steps):
            jax.block_until_ready(forward(weights, rest, x))

    return train, predict, {"JAX": jax.__version__}


def main():
    x, y = workloads.samples(options.workload, options.batch)
    runs = tensorflow_runs if options.variant == "tensorflow" else jax_runs
    if options.variant == "tensorflow":
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(options.threads)
        tf.config.threading.set_inter_op_parallelism_threads(options.threads)
    model = keras_networks.model(options.workload)
    train, predict, versions = runs(model, x, y)
    run = train if options.mode == "train" else predict
    worker.serve(run, {"Keras": keras.__version__, **versions}, options)


main()
