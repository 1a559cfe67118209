"""Training, evaluation and prediction: a step is traced once and run as one plan."""

import warnings
from collections.abc import Callable

import numpy as np
from keras.src import callbacks as callbacks_module
from keras.src import optimizers as optimizers_module
from keras.src import tree
from keras.src.backend import config
from keras.src.trainers import trainer as base_trainer
from keras.src.trainers.data_adapters import array_slicing
from keras.src.trainers.data_adapters import data_adapter_utils
from keras.src.trainers.epoch_iterator import EpochIterator
from keras.src.utils import traceback_utils
from keras.src.utils.python_utils import pythonify_logs

from keras_strata.src.engine.graph import Plan
from keras_strata.src.function import Function
from keras_strata.src.function import value_and_grad
from keras_strata.src.ops import core
from keras_strata.src.tensor import TracedValueError


class StrataTrainer(base_trainer.Trainer):
    """The backend's part of `keras.Model`.

    `train_step(data)`, `test_step(data)` and `predict_step(data)` can be overridden. They are
    traced once for each structure, shapes and dtypes of `data`; with `run_eagerly=True` they
    run in Python for each batch.
    """

    def __init__(self) -> None:
        super().__init__()
        self.train_function = None
        self.test_function = None
        self.predict_function = None

    # --- Steps

    def train_step(self, data):
        x, y, sample_weight = data_adapter_utils.unpack_x_y_sample_weight(data)

        def scaled_loss():
            y_pred = self._predictions(x, training=True)
            loss = self._tracked_loss(x, y, y_pred, sample_weight, training=True)
            if self.optimizer is not None:
                loss = self.optimizer.scale_loss(loss)
            return loss, y_pred

        variables = list(self.trainable_weights)
        if variables:
            (_, y_pred), gradients = value_and_grad(scaled_loss, variables, has_aux=True)()
            self.optimizer.apply(gradients, variables)
        else:
            _, y_pred = scaled_loss()
            warnings.warn("The model does not have any trainable weights.", stacklevel=2)
        return self.compute_metrics(x, y, y_pred, sample_weight=sample_weight)

    def test_step(self, data):
        x, y, sample_weight = data_adapter_utils.unpack_x_y_sample_weight(data)
        y_pred = self._predictions(x, training=False)
        self._tracked_loss(x, y, y_pred, sample_weight, training=False)
        return self.compute_metrics(x, y, y_pred, sample_weight=sample_weight)

    def predict_step(self, data):
        x, _, _ = data_adapter_utils.unpack_x_y_sample_weight(data)
        return self._predictions(x, training=False)

    def _predictions(self, x, training: bool):
        if self._call_has_training_arg:
            return self(x, training=training)
        return self(x)

    def _tracked_loss(self, x, y, y_pred, sample_weight, training: bool):
        loss = self._compute_loss(
            x=x, y=y, y_pred=y_pred, sample_weight=sample_weight, training=training
        )
        count = next(part for part in tree.flatten(x) if part is not None).shape[0]
        self._loss_tracker.update_state(loss, sample_weight=count)
        return loss

    # --- Compiled steps

    def make_train_function(self, force: bool = False) -> Callable:
        if self.train_function is None or force:
            self.train_function = _Steps(self, self.train_step, _last)
        return self.train_function

    def make_test_function(self, force: bool = False) -> Callable:
        if self.test_function is None or force:
            self.test_function = _Steps(self, self.test_step, _last)
        return self.test_function

    def make_predict_function(self, force: bool = False) -> Callable:
        if self.predict_function is None or force:
            self.predict_function = _Steps(self, self.predict_step, _all)
        return self.predict_function

    # --- Loops

    @traceback_utils.filter_traceback
    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        class_weight=None,
        sample_weight=None,
        initial_epoch=0,
        steps_per_epoch=None,
        validation_steps=None,
        validation_batch_size=None,
        validation_freq=1,
    ):
        self._assert_compile_called("fit")
        epochs = _limited_epochs(epochs)
        self._eval_epoch_iterator = None
        if validation_split and validation_data is None:
            (x, y, sample_weight), validation_data = array_slicing.train_validation_split(
                (x, y, sample_weight), validation_split=validation_split
            )
        batches = self._batches(
            (x, y, sample_weight), batch_size, steps_per_epoch, shuffle, class_weight
        )
        self._symbolic_build(iterator=batches)
        batches.reset()
        callbacks = self._callbacks(callbacks, verbose, epochs, batches, add_history=True)
        validation = None
        if validation_data is not None:
            validation = {
                "data": data_adapter_utils.unpack_x_y_sample_weight(validation_data),
                "batch_size": validation_batch_size or batch_size,
                "steps": validation_steps,
                "freq": validation_freq,
            }
        self.stop_training = False
        self.make_train_function()
        callbacks.on_train_begin()
        logs = {}
        for epoch in range(self._initial_epoch or initial_epoch, epochs):
            logs = self._train_epoch(epoch, batches, callbacks, validation)
            callbacks.on_epoch_end(epoch, logs)
            if self.stop_training:
                break
        if isinstance(self.optimizer, optimizers_module.Optimizer) and epochs > 0:
            self.optimizer.finalize_variable_values(self.trainable_weights)
        self._eval_epoch_iterator = None
        callbacks.on_train_end(logs=logs)
        return self.history

    def _train_epoch(self, epoch, batches, callbacks, validation) -> dict:
        self.reset_metrics()
        callbacks.on_epoch_begin(epoch)
        logs = {}
        for first, last, data in batches:
            callbacks.on_train_batch_begin(first)
            logs = self.train_function(data)
            callbacks.on_train_batch_end(last, logs)
            if self.stop_training:
                break
        result = dict(self._get_metrics_result_or_logs(logs))
        if validation is not None and self._should_eval(epoch, validation["freq"]):
            result.update(self._validate(validation, callbacks))
        return result

    def _validate(self, validation: dict, callbacks) -> dict:
        x, y, sample_weight = validation["data"]
        if self._eval_epoch_iterator is None:
            self._eval_epoch_iterator = self._batches(
                validation["data"], validation["batch_size"], validation["steps"]
            )
        logs = self.evaluate(
            x=x,
            y=y,
            sample_weight=sample_weight,
            batch_size=validation["batch_size"],
            steps=validation["steps"],
            callbacks=callbacks,
            return_dict=True,
            _use_cached_eval_dataset=True,
        )
        return {f"val_{name}": value for name, value in logs.items()}

    @traceback_utils.filter_traceback
    def evaluate(
        self,
        x=None,
        y=None,
        batch_size=None,
        verbose="auto",
        sample_weight=None,
        steps=None,
        callbacks=None,
        return_dict=False,
        **kwargs,
    ):
        self._assert_compile_called("evaluate")
        is_cached = kwargs.pop("_use_cached_eval_dataset", False)
        if kwargs:
            raise ValueError(f"Arguments not recognized: {kwargs}")
        if is_cached:
            batches = self._eval_epoch_iterator
        else:
            batches = self._batches((x, y, sample_weight), batch_size, steps)
        self._symbolic_build(iterator=batches)
        batches.reset()
        callbacks = self._callbacks(callbacks, verbose, 1, batches)
        self.make_test_function()
        self.stop_evaluating = False
        callbacks.on_test_begin()
        self.reset_metrics()
        logs = {}
        for first, last, data in batches:
            callbacks.on_test_batch_begin(first)
            logs = self.test_function(data)
            callbacks.on_test_batch_end(last, logs)
            if self.stop_evaluating:
                break
        logs = pythonify_logs(self._get_metrics_result_or_logs(logs))
        callbacks.on_test_end(logs)
        return logs if return_dict else self._flatten_metrics_in_order(logs)

    @traceback_utils.filter_traceback
    def predict(self, x, batch_size=None, verbose="auto", steps=None, callbacks=None):
        if x is None:
            raise ValueError("`predict` needs data, but `x` is None.")
        batches = _OneBatch.of(x, batch_size) if steps is None else None
        if batches is None:
            batches = self._batches((x, None, None), batch_size, steps)
        callbacks = self._callbacks(callbacks, verbose, 1, batches)
        self.make_predict_function()
        self.stop_predicting = False
        callbacks.on_predict_begin()
        outputs = []
        for first, last, data in batches:
            callbacks.on_predict_batch_begin(first)
            outputs.append(self.predict_function(data))
            callbacks.on_predict_batch_end(last, {"outputs": outputs[-1]})
            if self.stop_predicting:
                break
        callbacks.on_predict_end()
        if not outputs:
            raise ValueError("There is no data to predict: `x` gave no batch.")
        return tree.map_structure(lambda *parts: _joined(parts), *outputs)

    def _batches(self, data: tuple, batch_size, steps, shuffle=False, class_weight=None):
        x, y, sample_weight = data
        return EpochIterator(
            x=x,
            y=y,
            sample_weight=sample_weight,
            batch_size=batch_size,
            steps_per_epoch=steps,
            shuffle=shuffle,
            class_weight=class_weight,
            steps_per_execution=self.steps_per_execution,
        )

    def _callbacks(self, callbacks, verbose, epochs, batches, add_history=False):
        if isinstance(callbacks, callbacks_module.CallbackList):
            return callbacks
        if callbacks is None and verbose == 0 and not add_history:
            # A list starts a thread, which takes longer than a small prediction.
            return callbacks_module.Callback()
        return callbacks_module.CallbackList(
            callbacks,
            add_history=add_history,
            add_progbar=verbose != 0,
            verbose=verbose,
            epochs=epochs,
            steps=batches.num_batches,
            model=self,
        )

    # --- One batch

    def train_on_batch(self, x, y=None, sample_weight=None, class_weight=None, return_dict=False):
        self._assert_compile_called("train_on_batch")
        if class_weight is not None:
            if sample_weight is not None:
                raise ValueError(
                    "Arguments `sample_weight` and `class_weight` cannot be specified at the "
                    f"same time. Received: sample_weight={sample_weight}, "
                    f"class_weight={class_weight}"
                )
            sample_weight = data_adapter_utils.class_weight_to_sample_weights(y, class_weight)
        return self._on_batch((x, y, sample_weight), self.make_train_function, return_dict)

    def test_on_batch(self, x, y=None, sample_weight=None, return_dict=False):
        self._assert_compile_called("test_on_batch")
        return self._on_batch((x, y, sample_weight), self.make_test_function, return_dict)

    def _on_batch(self, data: tuple, make: Callable, return_dict: bool):
        data = _with_tensors(data)
        self._symbolic_build(data_batch=data)
        self.reset_metrics()
        logs = pythonify_logs(make()([data]))
        return logs if return_dict else self._flatten_metrics_in_order(logs)

    def predict_on_batch(self, x):
        outputs = self.make_predict_function()([(_with_tensors(x),)])
        return tree.map_structure(core.convert_to_numpy, outputs)


class _OneBatch:
    """An array that is one batch, without what larger data need."""

    num_batches = 1

    def __init__(self, x: np.ndarray) -> None:
        self._x = x

    def __iter__(self):
        yield 0, 0, [(self._x,)]

    @staticmethod
    def of(x, batch_size: int | None) -> "_OneBatch | None":
        """The batch, if the data are an array of numbers and no more than one batch."""
        if type(x) is not np.ndarray or x.dtype.kind not in "fiub" or x.ndim == 0:
            return None
        if not 0 < len(x) <= (batch_size or 32) or config.max_steps_per_epoch():
            return None
        # As Keras's adapter of arrays: floating-point data are floatx.
        is_floating = x.dtype.kind == "f"
        return _OneBatch(x.astype(config.floatx(), copy=False) if is_floating else x)


class _Steps:
    """A step for each of some batches, `steps_per_execution` of them.

    Keras marks layers that may need values in Python, such as lookups of strings. A model
    with one of them runs eagerly if its step cannot be traced.
    """

    def __init__(self, model: StrataTrainer, step: Callable, combine: Callable) -> None:
        self._step = step if model.run_eagerly else Function(step)
        self._eager_step = None if base_trainer.model_supports_jit(model) else step
        self._combine = combine

    def __call__(self, batches: list):
        return self._combine([self._result(data) for data in batches])

    def _result(self, data):
        try:
            return self._step(data)
        except TracedValueError:
            if self._eager_step is None or self._step is self._eager_step:
                raise
            self._step = self._eager_step
            return self._step(data)

    @property
    def plans(self) -> list[Plan]:
        return self._step.plans if isinstance(self._step, Function) else []


def _last(results: list):
    return results[-1] if results else {}


def _all(results: list):
    if len(results) == 1:
        return results[0]
    return tree.map_structure(lambda *parts: _joined(parts), *results)


def plans(model: StrataTrainer) -> dict[str, list[Plan]]:
    """The plans of a model's steps, those that were used last at the end.

    A plan prints its calls, and `profile()` measures them.

    Returns:
        Lists of plans for "train", "test" and "predict", as far as there are any.
    """
    functions = {
        "train": model.train_function,
        "test": model.test_function,
        "predict": model.predict_function,
    }
    found = {name: getattr(steps, "plans", []) for name, steps in functions.items()}
    return {name: list(plans) for name, plans in found.items() if plans}


def _limited_epochs(epochs: int) -> int:
    limit = config.max_epochs()
    if limit and limit < epochs:
        warnings.warn(f"Limiting epochs to {limit}", stacklevel=3)
        return limit
    return epochs


def _with_tensors(data):
    return tree.map_structure(
        lambda part: None if part is None else core.convert_to_tensor(part), data
    )


def _joined(parts) -> np.ndarray:
    arrays = [core.convert_to_numpy(part) for part in parts]
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
