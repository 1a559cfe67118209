"""Keras on TensorFlow or JAX. The variant is the backend: tensorflow or jax."""

import os

import worker

options = worker.arguments()
os.environ["KERAS_BACKEND"] = options.variant
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras  # noqa: E402
import workloads  # noqa: E402
from keras import layers as kl  # noqa: E402


def applied(layers, x):
    """What the layers make of a symbolic tensor."""
    for layer in layers:
        match layer:
            case workloads.Conv():
                x = kl.Conv2D(
                    layer.filters, layer.size, strides=layer.stride, padding=layer.padding,
                    activation=layer.activation, use_bias=layer.bias)(x)
            case workloads.Dense():
                x = kl.Dense(layer.units, activation=layer.activation)(x)
            case workloads.Norm():
                x = kl.BatchNormalization()(x)
            case workloads.Relu():
                x = kl.ReLU()(x)
            case workloads.Pool():
                make = kl.MaxPooling2D if layer.kind == "max" else kl.AveragePooling2D
                x = make(layer.size, strides=layer.stride, padding=layer.padding)(x)
            case workloads.Dropout():
                x = kl.Dropout(layer.rate)(x)
            case workloads.Flatten():
                x = kl.Flatten()(x)
            case workloads.GlobalMean():
                x = kl.GlobalAveragePooling2D()(x)
            case workloads.Residual():
                x = kl.ReLU()(kl.Add()([applied(layer.main, x), applied(layer.shortcut, x)]))
    return x


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
    layers, shape, _ = workloads.workload(options.workload)
    x, y = workloads.samples(options.workload, options.batch)
    image = keras.Input(shape)
    runs = tensorflow_runs if options.variant == "tensorflow" else jax_runs
    if options.variant == "tensorflow":
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(options.threads)
        tf.config.threading.set_inter_op_parallelism_threads(options.threads)
    model = keras.Model(image, kl.Softmax()(applied(layers, image)))
    model.compile("adam", "sparse_categorical_crossentropy")
    train, predict, versions = runs(model, x, y)
    run = train if options.mode == "train" else predict
    worker.serve(run, {"Keras": keras.__version__, **versions}, options)


main()
