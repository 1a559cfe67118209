"""Builds the networks of Strata's trials in Keras.

Reads a line of JSON for each trial: the values of its hyperparameters by name. Answers each with
the number of weights, or why there is no network, and with the hyperparameters as KerasTuner knows
them.
"""

import json
import os
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras  # noqa: E402
import keras_tuner  # noqa: E402
import keras_tuner_space  # noqa: E402


def domain(parameter):
    """As in Strata's journal."""
    config = parameter.get_config()
    if isinstance(parameter, keras_tuner.engine.hyperparameters.Boolean):
        return {"type": "boolean"}
    if isinstance(parameter, keras_tuner.engine.hyperparameters.Choice):
        return {"type": "choice", "values": config["values"], "ordered": config["ordered"]}
    kind = type(parameter).__name__.lower()
    return {"type": kind} | {
        name: config[name] for name in ("min_value", "max_value", "step", "sampling")}


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    network = keras_tuner_space.HyperCNN(samples=54000, epochs=15)
    for line in sys.stdin:
        hp = keras_tuner.HyperParameters()
        hp.values = json.loads(line)
        keras.backend.clear_session()
        answer = {"error": None}
        try:
            network.build(hp)
        except ValueError as error:
            answer["error"] = str(error)
        answer["weights"] = network.weights
        answer["space"] = {p.name: domain(p) for p in hp.space if hp.is_active(p)}
        print(json.dumps(answer), file=answers, flush=True)


main()
