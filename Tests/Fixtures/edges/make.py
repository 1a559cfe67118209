"""Writes edges.json beside this file: what Keras 3.15.1 computes of data at its edges, on JAX, on a CPU, in float32.

Run with:  KERAS_BACKEND=jax $(scripts/keras-venv) Tests/Fixtures/edges/make.py

One class only, constants, zeros, weights of zero, labels that are no whole numbers, one sample, more samples in a
batch than there are. NaN and infinities are strings. Left out is where backends differ, such as the slope of a bound
or of |x| at 0, and where Keras has rounding errors alone: constants whose mean is rounded have a variance.
"""

import json
import math
import os
import pathlib

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
import jax
import keras
import numpy as np

L, M = keras.losses, keras.metrics


def f(values):
    return np.array(values, np.float32)


def i(values):
    return np.array(values, np.int32)


def plain(array):
    array = np.asarray(array)
    numbers = [x if math.isfinite(x) else str(x) for x in map(float, array.reshape(-1))]
    return {"shape": list(array.shape), "type": "int32" if array.dtype == np.int32 else "float32", "values": numbers}


def config(thing):
    return keras.saving.serialize_keras_object(thing)


losses, metrics, trainings = [], [], []


def loss(name, thing, y_true, y_pred, weight=None):
    value, pull = jax.vjp(lambda p: thing(y_true, p, sample_weight=weight), y_pred)
    losses.append({
        "name": name, "config": config(thing), "y": plain(y_true), "p": plain(y_pred),
        "w": None if weight is None else plain(weight), "value": plain(value), "gradient": plain(pull(np.float32(1))[0]),
    })


def metric(name, thing, y_true, y_pred, weight=None):
    thing.update_state(y_true, y_pred, sample_weight=weight)
    metrics.append({
        "name": name, "config": config(thing), "y": plain(y_true), "p": plain(y_pred),
        "w": None if weight is None else plain(weight), "result": plain(np.asarray(thing.result(), np.float32)),
    })


def dense(units, activation):
    return lambda: [keras.layers.Dense(units, activation=activation)]


def normalized(units, activation):
    return lambda: [keras.layers.BatchNormalization(), keras.layers.Dense(units, activation=activation)]


def images(units, activation):
    return lambda: [
        keras.layers.Conv2D(2, 3), keras.layers.BatchNormalization(), keras.layers.ReLU(),
        keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(units, activation=activation),
    ]


def training(name, layers, kind, x, y, loss, metrics=(), weighted=(), batch=32, **more):
    """Two epochs without shuffling; `kind` is how the test makes the layers."""
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input(x.shape[1:])] + layers())
    model.compile(keras.optimizers.SGD(0.1), loss, metrics=list(metrics), weighted_metrics=list(weighted))
    begin = [plain(w) for w in model.get_weights()]
    history = model.fit(x, y, batch_size=batch, epochs=2, shuffle=False, verbose=0, **more)
    given = {k: v for k, v in more.items() if k == "sample_weight"}
    logs = model.evaluate(x, y, batch_size=batch, verbose=0, return_dict=True, **given)
    weight, classes = more.get("sample_weight"), more.get("class_weight")
    trainings.append({
        "name": name, "layers": kind, "loss": loss, "metrics": list(metrics), "weighted": list(weighted), "batch": batch,
        "x": plain(x), "y": plain(y), "w": None if weight is None else plain(weight),
        "classes": None if classes is None else {str(k): v for k, v in classes.items()},
        "before": begin, "after": [plain(w) for w in model.get_weights()],
        "history": {k: plain(f(v)) for k, v in history.history.items()}, "evaluation": {k: plain(f(v)) for k, v in logs.items()},
        "prediction": plain(model.predict(x, batch_size=batch, verbose=0)),
    })


one = f([[1.0], [0.0], [1.0]])
rows = f([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])
zeros = np.zeros((2, 3), np.float32)
ends = f([[1, 0, 0], [0, 1, 0]])

loss("probabilities of 0 and 1, right and wrong", L.BinaryCrossentropy(), f([[1, 0, 1, 0]]), f([[1, 0, 0, 1]]))
loss("huge logits", L.BinaryCrossentropy(from_logits=True), f([[1, 0, 1, 0]]), f([[1e4, -1e4, -1e4, 1e4]]))
loss("targets beyond 0 and 1", L.BinaryCrossentropy(), f([[2, -1]]), f([[0.3, 0.6]]))
loss("focal at 0 and 1", L.BinaryFocalCrossentropy(), f([[1, 0, 1, 0]]), f([[1, 0, 0, 1]]))
loss("one class of one", L.SparseCategoricalCrossentropy(), i([0, 0]), f([[1], [1]]))
loss("probabilities of 0", L.SparseCategoricalCrossentropy(), i([2, 1]), ends)
loss("huge logits of classes", L.SparseCategoricalCrossentropy(from_logits=True), i([2, 1]), ends * 1e4)
loss("labels that are fractions", L.SparseCategoricalCrossentropy(), f([1.7, 0.4]), rows)
loss("labels that are whole floats", L.SparseCategoricalCrossentropy(), f([2, 0]), rows)
loss("all labels ignored", L.SparseCategoricalCrossentropy(ignore_class=1), i([1, 1]), rows)
loss("rows that sum to 2", L.CategoricalCrossentropy(), ends, rows * 2)
loss("no target in a row", L.CategoricalCrossentropy(), zeros, rows)
loss("weights of zero", L.CategoricalCrossentropy(), ends, rows, f([0, 0]))
loss("weights of zero, mean by weight", L.CategoricalCrossentropy(reduction="mean_with_sample_weight"), ends, rows, f([0, 0]))
loss("vectors of zeros", L.CosineSimilarity(), zeros, rows)
loss("distributions with zeros", L.KLDivergence(), ends, ends * f([[0.5, 1, 1], [1, 0.5, 1]]))
loss("predictions of 0", L.Poisson(), f([[1, 0]]), f([[0, 0]]))
loss("targets of 0 in percent", L.MeanAbsolutePercentageError(), f([[0, 1]]), f([[1, 2]]))
loss("negative values, logarithmic", L.MeanSquaredLogarithmicError(), f([[-2, 1]]), f([[-1, -3]]))
loss("huge errors, log cosh", L.LogCosh(), f([[0, 0]]), f([[1000, -1000]]))
loss("huge errors, Huber", L.Huber(), f([[0, 0]]), f([[1e20, -1e20]]))
loss("masks of zeros", L.Dice(), f([[[0], [0]]]), f([[[0], [0]]]))
loss("masks of zeros, Tversky", L.Tversky(), f([[[0], [0]]]), f([[[0], [0]]]))
loss("errors of 0", L.MeanSquaredError(), rows, rows)

for positive in (0, 1):
    which = "only positives" if positive else "only negatives"
    y, p = np.full(4, positive, np.float32), f([0.1, 0.4, 0.6, 0.9])
    for curve in ("ROC", "PR", "PRGAIN"):
        metric(f"{which}, {curve}", M.AUC(curve=curve), y, p)
    for thing in (
        M.Precision(), M.Recall(), M.TruePositives(), M.FalseNegatives(), M.BinaryAccuracy(),
        M.SensitivityAtSpecificity(0.5), M.SpecificityAtSensitivity(0.5), M.PrecisionAtRecall(0.5),
        M.RecallAtPrecision(0.5), M.BinaryIoU(),
    ):
        metric(f"{which}, {type(thing).__name__}", thing, y, p)
metric("nothing predicted positive", M.Precision(), f([1, 0]), f([0.1, 0.2]))
metric("nothing positive anywhere", M.Recall(), f([0, 0]), f([0.1, 0.2]))
metric("top k beyond the classes", M.TopKCategoricalAccuracy(k=9), ends, rows)
metric("top k beyond the classes, sparse", M.SparseTopKCategoricalAccuracy(k=9), i([2, 1]), rows)
for average in (None, "micro", "macro", "weighted"):
    metric(f"classes that do not occur, {average}", M.F1Score(average=average), f([[1, 0, 0], [1, 0, 0]]), rows)
    metric(f"nothing right, {average}", M.F1Score(average=average), f([[1, 0, 0], [0, 0, 1]]), rows)
metric("constant targets", M.R2Score(), f([[1], [1], [1]]), one)
metric("constant targets, all right", M.R2Score(), f([[1], [1]]), f([[1], [1]]))
metric("one sample", M.R2Score(), f([[2]]), f([[1]]))
metric("constant targets in one column, by variance", M.R2Score("variance_weighted_average"), f([[1, 1], [1, 3]]), f([[1, 2], [2, 3]]))
metric("constant targets", M.PearsonCorrelation(), f([[1, 1, 1]]), f([[1, 2, 3]]))
metric("constant predictions", M.ConcordanceCorrelation(), f([[1, 2, 3]]), f([[2, 2, 2]]))
metric("both constant", M.ConcordanceCorrelation(), f([[2, 2, 2]]), f([[2, 2, 2]]))
metric("vectors of zeros", M.CosineSimilarity(), zeros, rows)
metric("a class that does not occur", M.MeanIoU(num_classes=3), i([0, 0, 1]), i([0, 1, 1]))
metric("classes that do not occur at all", M.IoU(num_classes=4, target_class_ids=[2, 3]), i([0, 0, 1]), i([0, 1, 1]))
metric("all labels ignored", M.MeanIoU(num_classes=3, ignore_class=0), i([0, 0]), i([0, 1]))
metric("targets of 0 in percent", M.MeanAbsolutePercentageError(), f([[0, 1]]), f([[1, 1]]))
metric("labels that are fractions", M.SparseCategoricalAccuracy(), f([2.0, 0.4]), rows)
for thing in (M.MeanSquaredError(), M.CategoricalAccuracy(), M.RootMeanSquaredError(), M.CategoricalCrossentropy(), M.CosineSimilarity(), M.F1Score()):
    metric(f"weights of zero, {type(thing).__name__}", thing, ends, rows, f([0, 0]))
for thing in (M.AUC(), M.Precision(), M.BinaryAccuracy()):
    metric(f"weights of zero, {type(thing).__name__}", thing, f([1, 0]), f([0.7, 0.2]), f([0, 0]))

x = f([[0.5, -1.0], [1.5, 0.25], [-0.75, 2.0], [0.1, 0.2], [2.0, 1.0]])
labels = i([0, 2, 1, 2, 0])
sparse, binary = "sparse_categorical_crossentropy", "binary_crossentropy"
bits = f([[0], [1], [1], [0], [1]])

training("one class of one", dense(1, "softmax"), "dense 1 softmax", x, i([0] * 5), sparse, ["accuracy"])
training("one class of three", dense(3, "softmax"), "dense 3 softmax", x, i([1] * 5), sparse, ["accuracy"])
training("only positives", dense(1, "sigmoid"), "dense 1 sigmoid", x, np.ones((5, 1), np.float32), binary, ["accuracy", "AUC", "Precision", "Recall"])
training("only negatives", dense(1, "sigmoid"), "dense 1 sigmoid", x, np.zeros((5, 1), np.float32), binary, ["accuracy", "AUC", "Precision", "Recall"])
training("a batch larger than the data", dense(3, "softmax"), "dense 3 softmax", x, labels, sparse, ["accuracy"], batch=1000)
training("a last batch of one", normalized(3, "softmax"), "normalized 3 softmax", x, labels, sparse, ["accuracy"], batch=2)
training("batches of one", normalized(3, "softmax"), "normalized 3 softmax", x, labels, sparse, ["accuracy"], batch=1)
training("one sample", normalized(3, "softmax"), "normalized 3 softmax", x[:1], labels[:1], sparse, ["accuracy"])
training("constant features", normalized(3, "softmax"), "normalized 3 softmax", np.full_like(x, 8), labels, sparse)
training("images of zeros", images(3, "softmax"), "images 3 softmax", np.zeros((4, 5, 5, 1), np.float32), labels[:4], sparse, ["accuracy"])
training("sample weights of zero", dense(1, "sigmoid"), "dense 1 sigmoid", x, bits, binary, ["accuracy"], ["accuracy", "AUC"], sample_weight=np.zeros(5, np.float32))
training("sample weights of zero but one", dense(1, "sigmoid"), "dense 1 sigmoid", x, bits, binary, ["accuracy"], ["accuracy", "AUC"], sample_weight=f([0, 0, 1, 0, 0]))
training("class weights of zero", dense(3, "softmax"), "dense 3 softmax", x, labels, sparse, ["accuracy"], ["accuracy"], class_weight={0: 0.0, 1: 0.0, 2: 0.0})
training("a class weight of zero", dense(3, "softmax"), "dense 3 softmax", x, labels, sparse, ["accuracy"], ["accuracy"], class_weight={0: 0.0})
training("labels as floats", dense(3, "softmax"), "dense 3 softmax", x, labels.astype(np.float32), sparse, ["accuracy"])
training("labels that are fractions", dense(3, "softmax"), "dense 3 softmax", x, f([0.6, 2.0, 1.3, 2.0, 0.0]), sparse, ["accuracy"])
training("binary labels as fractions", dense(1, "sigmoid"), "dense 1 sigmoid", x, f([[0.2], [0.9], [1], [0], [0.5]]), binary, ["accuracy"])
training("constant targets", dense(1, None), "dense 1 linear", x, np.full((5, 1), 3, np.float32), "mean_squared_error", ["R2Score"])

groups = {"losses": losses, "metrics": metrics, "trainings": trainings}
lines = [f'"{name}": [\n' + ",\n".join(json.dumps(case) for case in cases) + "\n]" for name, cases in groups.items()]
(pathlib.Path(__file__).parent / "edges.json").write_text("{" + ",\n".join(lines) + "}\n")
