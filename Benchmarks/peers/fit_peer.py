"""Keras's own `fit` and `predict`. The variant is the backend: strata, tensorflow, jax or torch."""

import os
import time

import worker

options = worker.arguments()
os.environ["KERAS_BACKEND"] = options.variant
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras  # noqa: E402
import keras_networks  # noqa: E402
import numpy as np  # noqa: E402
import workloads  # noqa: E402


def limit_threads():
    """For backends that do not read OMP_NUM_THREADS; JAX takes as many as it may use cores."""
    if options.variant == "tensorflow":
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(options.threads)
        tf.config.threading.set_inter_op_parallelism_threads(options.threads)
    elif options.variant == "torch":
        import torch

        torch.set_num_threads(options.threads)


def fit(model, x, y):
    data = {}

    def run(steps):
        if steps not in data:
            data.clear()
            data[steps] = np.concatenate([x] * steps), np.concatenate([y] * steps)
        model.fit(*data[steps], batch_size=options.batch, epochs=1, shuffle=False, verbose=0)

    return run


def predict(model, x):
    def run(steps):
        for _ in range(steps):
            model.predict(x, batch_size=options.batch, verbose=0)

    return run


def main():
    limit_threads()
    x, y = workloads.samples(options.workload, options.batch)
    model = keras_networks.model(options.workload)
    run = fit(model, x, y) if options.mode == "train" else predict(model, x)
    begin = time.perf_counter()
    run(1)
    first = time.perf_counter() - begin
    versions = {"Keras": keras.__version__, "first step, s": round(first, 2)}
    worker.serve(run, versions, options)


main()
