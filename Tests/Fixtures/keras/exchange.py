"""Opens every model NAME.keras in a folder, and writes what Keras makes of it.

NAME.safetensors holds the model's inputs x.0, x.1, … and perhaps targets y.0, y.1, …; what comes out is
  NAME.result.safetensors   the predictions output.0, …; the optimizer's variables optimizer.0, …; where there
                            are targets, the loss of a training step and the weights weight.0, … after it
  NAME.again.keras          the model as Keras saves it, before that step
  NAME.again.weights.json   its weights in several files
NAME.weights.h5, and NAME.weights.json with the files that it lists, must bring zeroed weights back to what they
were.
"""

import os
import pathlib
import sys
import warnings

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
import jax
import keras
import numpy as np
from safetensors.numpy import load_file, save_file

jax.config.update("jax_default_matmul_precision", "highest")
# What Keras only warns of, such as an optimizer's state that does not fit, is wrong here.
warnings.filterwarnings("error", category=UserWarning, module="keras.*")


def numbered(data, name):
    values = []
    while f"{name}.{len(values)}" in data:
        values.append(data[f"{name}.{len(values)}"])
    return values


def single(values):
    return values[0] if len(values) == 1 else values


def flat(values):
    return [np.ascontiguousarray(value) for value in keras.tree.flatten(values)]


def packed(structure, values):
    """The values as the model takes or gives them: dictionaries where it has dictionaries."""
    return keras.tree.pack_sequence_as(structure, values) if isinstance(structure, dict) else single(values)


for path in sorted(pathlib.Path(sys.argv[1]).glob("*.keras")):
    model = keras.models.load_model(path)
    data = load_file(path.with_suffix(".safetensors"))
    inputs, targets = packed(getattr(model, "_inputs_struct", None), numbered(data, "x")), numbered(data, "y")
    result = {f"output.{i}": v for i, v in enumerate(flat(model.predict_on_batch(inputs)))}
    if model.compiled:
        for i, variable in enumerate(model.optimizer.variables):
            result[f"optimizer.{i}"] = np.array(variable)
    model.save(path.with_suffix(".again.keras"))
    weights = model.get_weights()
    variables = model.weights + (model.optimizer.variables if model.compiled else [])
    largest = max([np.array(variable).nbytes for variable in variables], default=8)
    model.save_weights(path.with_suffix(".again.weights.json"), max_shard_size=largest / 1024**3)
    for ending in (".weights.h5", ".weights.json"):
        model.set_weights([np.zeros_like(weight) for weight in weights])
        model.load_weights(path.with_suffix(ending))
        for weight, again in zip(weights, model.get_weights()):
            np.testing.assert_array_equal(weight, again)
    if targets:
        logs = model.train_on_batch(inputs, packed(getattr(model, "_outputs_struct", None), targets), return_dict=True)
        result["loss"] = np.array(logs["loss"], np.float32)
        for i, variable in enumerate(model.weights):
            result[f"weight.{i}"] = np.array(variable)
    save_file(result, path.with_suffix(".result.safetensors"))
