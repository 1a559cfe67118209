"""Runs every NAME.onnx of a folder with ONNX Runtime, on the inputs of NAME.safetensors.

The inputs are x.0, x.1, … in the order of the model's. What comes out is NAME.result.safetensors with output.0, …,
and NAME.names.txt: the names of inputs, a line of "-", and the names of outputs.
The model is run a second time with every sample twice, for a batch of another size. Where the runtime refuses a
model, NAME.error.txt says why. Without a folder nothing is done: the import tells whether the runtime is there.
"""

import pathlib
import sys

import numpy as np
import onnxruntime
from safetensors.numpy import load_file, save_file

if len(sys.argv) > 1:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    # A warning is a file that is not quite right.
    options.log_severity_level = 2
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.onnx")):
        try:
            session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
            data = load_file(path.with_suffix(".safetensors"))
            inputs = {entry.name: data[f"x.{i}"] for i, entry in enumerate(session.get_inputs())}
            outputs = session.run(None, inputs)
            result = {f"output.{i}": np.ascontiguousarray(v) for i, v in enumerate(outputs)}
            if all(entry.shape[0] == "batch" for entry in session.get_inputs()):
                twice = session.run(None, {k: np.concatenate([v, v]) for k, v in inputs.items()})
                result |= {f"twice.{i}": np.ascontiguousarray(v) for i, v in enumerate(twice)}
            save_file(result, path.with_suffix(".result.safetensors"))
            names = [entry.name for entry in session.get_inputs()]
            names += ["-"] + [entry.name for entry in session.get_outputs()]
            path.with_suffix(".names.txt").write_text("\n".join(names))
        except Exception as error:
            path.with_suffix(".error.txt").write_text(str(error))
