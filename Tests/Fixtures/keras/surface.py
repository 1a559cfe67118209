"""Writes surface.json: what Keras offers, with the arguments and defaults of everything.

Run with Keras 3.15.1 and JAX:  KERAS_BACKEND=jax python Tests/Fixtures/keras/surface.py

By module, then by name: `arguments` of the constructor or function in their order, `aliases`, and for what has a
`get_config`, `given`: the arguments that it cannot be made without, and `config`: what it then says of itself;
for what has none, `defaults`: those of the arguments that are no objects.
"""

import inspect
import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
import keras

MODULES = {
    "layers": keras.layers,
    "activations": keras.activations,
    "losses": keras.losses,
    "metrics": keras.metrics,
    "optimizers": keras.optimizers,
    "optimizers.schedules": keras.optimizers.schedules,
    "initializers": keras.initializers,
    "regularizers": keras.regularizers,
    "constraints": keras.constraints,
    "callbacks": keras.callbacks,
    "ops": keras.ops,
    "applications": keras.applications,
    "datasets": keras.datasets,
    "Model": keras.Model,
    "saving": keras.saving,
    "utils": keras.utils,
}
# What classes cannot be made without, beyond what follows from the names of their arguments.
GIVEN = {
    "units": 3, "filters": 3, "kernel_size": 2, "pool_size": 2, "output_size": 2, "rate": 0.25, "stddev": 0.25,
    "target_shape": [4], "dims": [2, 1], "n": 2, "size": 2, "height": 4, "width": 4, "scale": 0.5, "factor": 0.5,
    "input_dim": 5, "output_dim": 3, "axes": 1, "num_classes": 3, "target_class_ids": [0],
    "recall": 0.5, "precision": 0.5, "specificity": 0.5, "sensitivity": 0.5, "num_heads": 2, "key_dim": 4,
    "initial_learning_rate": 0.5, "decay_steps": 10, "first_decay_steps": 10, "decay_rate": 0.5,
    "boundaries": [10], "values": [0.5, 0.25], "activation": "relu", "num_tokens": 3,
    "equation": "ab,bc->ac", "output_shape": [3], "height_factor": 0.25, "width_factor": 0.25,
}
GIVEN_TO = {"RandomPosterization": {"factor": 4}}
OBJECTS = {
    "layer": lambda: keras.layers.Dense(3, name="inner"),
    "inner_optimizer": lambda: keras.optimizers.SGD(),
}
COMMON = {"name", "dtype", "trainable", "kwargs", "args", "self"}


def arguments(thing):
    try:
        parameters = inspect.signature(thing).parameters.values()
    except (TypeError, ValueError):
        return {}
    return {
        p.name: p.default is inspect.Parameter.empty
        for p in parameters
        if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) and p.name not in COMMON
    }


def defaults(thing):
    try:
        parameters = inspect.signature(thing).parameters
    except (TypeError, ValueError):
        return {}
    kinds = (bool, int, float, str, type(None))
    return {name: parameters[name].default for name in arguments(thing) if isinstance(parameters[name].default, kinds)}


def plain(values):
    return {key: keras.saving.serialize_keras_object(value) for key, value in values.items()}


def entry(thing):
    result = {"arguments": list(arguments(thing))}
    if not inspect.isclass(thing) or not hasattr(thing, "get_config"):
        return result | {"defaults": defaults(thing)}
    needed = [name for name, needed in arguments(thing).items() if needed]
    given = {name: OBJECTS[name]() if name in OBJECTS else GIVEN.get(name) for name in needed}
    given |= GIVEN_TO.get(thing.__name__, {})
    try:
        if None in given.values():
            return result
        configs = [json.loads(json.dumps(plain(thing(**given).get_config()))) for _ in range(2)]
    except Exception:  # An abstract class, or one that needs other classes.
        return result
    # Without what each draws anew, such as a seed.
    config = {key: value for key, value in configs[0].items() if value == configs[1][key] or key in COMMON | {"layer"}}
    result["given"] = plain(given)
    result["config"] = {k: v for k, v in config.items() if k not in COMMON and k != "build_config"}
    return result


def members(module, holder):
    for name, thing in sorted(vars(holder).items() if inspect.ismodule(holder) else inspect.getmembers(holder)):
        if name.startswith("_") or name in ("get", "serialize", "deserialize", "schedules"):
            continue
        if callable(thing) or (module == "datasets" and inspect.ismodule(thing)):
            yield name, thing


lines = []
for module, holder in MODULES.items():
    names = {}
    for name, thing in members(module, holder):
        names.setdefault(id(thing), (thing, []))[1].append(name)
    entries = []
    for thing, known in names.values():
        # Of several names, the one that files have.
        own = getattr(thing, "__name__", "")
        name = own if own in known else known[0]
        # What models have as layers, and what is inside of Keras, is no news of a model.
        if module == "Model" and hasattr(keras.layers.Layer, name):
            continue
        content = entry(thing) | {"aliases": [alias for alias in known if alias != name]}
        entries.append(f"  {json.dumps(name)}: {json.dumps(content, sort_keys=True)}")
    lines.append(f" {json.dumps(module)}: {{\n" + ",\n".join(sorted(entries)) + "\n }")
path = pathlib.Path(__file__).with_name("surface.json")
path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
