"""KerasTuner's search with Keras on TensorFlow, over the space of Strata's HyperCNN.

It ends when its time is over. Prints a line of JSON for each trial, then one for the search.
"""

import argparse
import json
import os
import pathlib
import resource
import time

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras  # noqa: E402
import keras_tuner  # noqa: E402
import keras_tuner_space  # noqa: E402
import tensorflow as tf  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("algorithm", choices=["hyperband", "random"])
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    return parser.parse_args()


class Clock:
    def __init__(self, seconds):
        self.begin = time.monotonic()
        self.end = self.begin + seconds

    def is_over(self):
        return time.monotonic() >= self.end


class Timed:
    """Ends a tuner's search when its time is over, and tells of every trial."""

    clock = None

    def pre_create_trial(self):
        if self.clock.is_over():
            # create_trial stops the search when there are that many.
            self.oracle.max_trials = max(len(self.oracle.trials), 1)

    def on_trial_begin(self, trial):
        super().on_trial_begin(trial)
        self.begin = time.monotonic()
        self.times = []
        self.accuracies = []
        self.first_step = None

    def on_batch_end(self, trial, model, batch, logs=None):
        if self.first_step is None:
            self.first_step = time.monotonic() - self.begin
        if self.clock.is_over():
            model.stop_training = True

    def on_epoch_end(self, trial, model, epoch, logs=None):
        if self.clock.is_over() and model.stop_training:
            return  # it was not a whole one
        self.times.append(time.monotonic() - self.begin)
        self.accuracies.append(logs["val_accuracy"])

    def on_trial_end(self, trial):
        super().on_trial_end(trial)
        values = dict(trial.hyperparameters.values)
        planned = values.get("tuner/epochs", self.epochs) - values.get("tuner/initial_epoch", 0)
        answer(
            trial=trial.trial_id, continues=values.get("tuner/trial_id"), planned=planned,
            epochs=len(self.times),
            last_epoch=values.get("tuner/initial_epoch", 0) + len(self.times),
            status=str(trial.status), built=self.hypermodel.weights is not None,
            weights=self.hypermodel.weights, accuracies=self.accuracies, times=self.times,
            first_step=self.first_step, seconds=time.monotonic() - self.begin,
            message=(trial.message or "").strip().splitlines()[-1:], values=values,
            resident_bytes=resident())


def resident():
    """Bytes of memory that this process has now."""
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


class Hyperband(Timed, keras_tuner.Hyperband):
    pass


class RandomSearch(Timed, keras_tuner.RandomSearch):
    pass


def tuner(options, space):
    """Without an end of its own: many trials, many of which may fail one after the other."""
    common = {
        # It counts the seed up for each value: neighbouring seeds would share most of them.
        "objective": "val_accuracy", "seed": 100_000 * options.seed + 1,
        "directory": options.folder, "project_name": options.algorithm, "overwrite": True,
        "max_consecutive_failed_trials": 50}
    if options.algorithm == "random":
        return RandomSearch(space, max_trials=10**6, **common)
    return Hyperband(
        space, max_epochs=options.epochs, factor=3, hyperband_iterations=10**6, **common)


def answer(**values):
    print(json.dumps(values), file=ANSWERS, flush=True)


def main():
    options = arguments()
    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    tf.config.threading.set_inter_op_parallelism_threads(options.threads)
    keras.utils.set_random_seed(options.seed)
    (x, y), test = keras.datasets.fashion_mnist.load_data()
    # As strata train does, the last tenth is held out.
    count = len(x) - len(x) // 10
    Timed.clock = Clock(options.seconds)
    Timed.epochs = options.epochs
    search = tuner(options, keras_tuner_space.HyperCNN(count, options.epochs))
    search.search(
        x[:count, ..., None], y[:count], epochs=options.epochs, verbose=0,
        validation_data=(x[count:, ..., None], y[count:]))
    seconds = time.monotonic() - Timed.clock.begin
    best = search.oracle.get_best_trials(1)[0]
    model = search.get_best_models(1)[0]
    _, accuracy = model.evaluate(test[0][..., None], test[1], batch_size=256, verbose=0)
    answer(
        best=best.trial_id, validation_accuracy=best.score, test_accuracy=accuracy,
        seconds=seconds, peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        versions={
            "KerasTuner": keras_tuner.__version__, "Keras": keras.__version__,
            "TensorFlow": tf.__version__})


# Frameworks write to standard output too; answers keep it to themselves.
ANSWERS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
main()
