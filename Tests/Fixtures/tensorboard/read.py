"""Prints what TensorBoard reads in the folders `train` and `validation`, as JSON."""

import json
import os
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.graph import keras_util
from tensorboard.util import tensor_util

found = {}
for name in ("train", "validation"):
    events = EventAccumulator(os.path.join(sys.argv[1], name), size_guidance={"tensors": 0})
    events.Reload()
    for tag in events.Tags()["tensors"]:
        kind = events.SummaryMetadata(tag).plugin_data.plugin_name
        values = [tensor_util.make_ndarray(e.tensor_proto) for e in events.Tensors(tag)]
        if kind == "scalars":
            found[f"{name}/{tag}"] = [float(value) for value in values]
        elif kind == "histograms":
            assert all(value.shape == (30, 3) for value in values)
            found.setdefault("histograms", []).append(tag)
        elif kind == "images":
            assert all(value[2].startswith(b"\x89PNG") for value in values)
            found.setdefault("images", []).append(tag)
        elif kind == "graph_keras_model":
            graph = keras_util.keras_model_to_graph_def(json.loads(values[0].item()))
            found["layers"] = sorted(node.name for node in graph.node)
found["histograms"] = sorted(found["histograms"])
print(json.dumps(found))
