"""ONNX Runtime or OpenVINO, which only predict. The variant names which: onnxruntime or openvino."""

import io

import numpy as np
import worker
import workloads
from onnx import TensorProto, helper, numpy_helper

NAMES = {"relu": "Relu", "tanh": "Tanh"}


class Export:
    """A network as an ONNX model, NCHW, with random weights."""

    def __init__(self, layers, shape, batch):
        self.nodes, self.weights = [], []
        self.random = np.random.default_rng(0)
        height, width, channels = shape
        result, _ = self.add(layers, "image", (channels, height, width))
        self.node("Softmax", [result], name="probabilities")
        image = helper.make_tensor_value_info(
            "image", TensorProto.FLOAT, [batch, channels, height, width])
        output = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, None)
        graph = helper.make_graph(self.nodes, "network", [image], [output], self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
        model.ir_version = 8
        self.bytes = model.SerializeToString()

    def weight(self, *shape, value=None):
        scale = np.sqrt(2 / max(np.prod(shape[1:]), 1))
        array = self.random.normal(0, scale, shape) if value is None else np.full(shape, value)
        self.weights.append(
            numpy_helper.from_array(array.astype(np.float32), f"w{len(self.weights)}"))
        return self.weights[-1].name

    def node(self, kind, inputs, name=None, **attributes):
        name = name or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def windows(self, layer, size):
        """Attributes of a window, and the size that comes out."""
        pads = [workloads.margins(n, layer.size, layer.stride, layer.padding) for n in size]
        out = [(n + sum(p) - layer.size) // layer.stride + 1 for n, p in zip(size, pads)]
        attributes = {
            "kernel_shape": [layer.size] * 2, "strides": [layer.stride] * 2,
            "pads": [p[0] for p in pads] + [p[1] for p in pads],
        }
        return attributes, out

    def add(self, layers, x, shape):
        for layer in layers:
            match layer:
                case workloads.Conv():
                    attributes, size = self.windows(layer, shape[1:])
                    inputs = [x, self.weight(layer.filters, shape[0], layer.size, layer.size)]
                    if layer.bias:
                        inputs.append(self.weight(layer.filters, value=0.01))
                    x, shape = self.node("Conv", inputs, **attributes), (layer.filters, *size)
                case workloads.Dense():
                    inputs = [
                        x, self.weight(layer.units, shape[0]), self.weight(layer.units, value=0.01)]
                    x, shape = self.node("Gemm", inputs, transB=1), (layer.units,)
                case workloads.Norm():
                    values = [self.weight(shape[0], value=v) for v in (1, 0, 0.01, 1)]
                    x = self.node("BatchNormalization", [x, *values], epsilon=1e-3)
                case workloads.Relu():
                    x = self.node("Relu", [x])
                case workloads.Pool():
                    attributes, size = self.windows(layer, shape[1:])
                    kind = "MaxPool" if layer.kind == "max" else "AveragePool"
                    x, shape = self.node(kind, [x], **attributes), (shape[0], *size)
                case workloads.Dropout():
                    pass
                case workloads.Flatten():
                    x, shape = self.node("Flatten", [x]), (int(np.prod(shape)),)
                case workloads.GlobalMean():
                    x = self.node("Flatten", [self.node("GlobalAveragePool", [x])])
                    shape = shape[:1]
                case workloads.Residual():
                    main, out = self.add(layer.main, x, shape)
                    shortcut, _ = self.add(layer.shortcut, x, shape)
                    x, shape = self.node("Relu", [self.node("Add", [main, shortcut])]), out
            if getattr(layer, "activation", None):
                x = self.node(NAMES[layer.activation], [x])
        return x, shape


def onnxruntime_step(model, image, threads):
    import onnxruntime

    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model, settings, providers=["CPUExecutionProvider"])
    return lambda: session.run(None, {"image": image}), {"ONNX Runtime": onnxruntime.__version__}


def openvino_step(model, image, threads):
    import openvino

    # Without a precision OpenVINO takes bfloat16 where the CPU has it.
    settings = {
        "INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "f32"}
    core = openvino.Core()
    compiled = core.compile_model(core.read_model(io.BytesIO(model)), "CPU", settings)
    request = compiled.create_infer_request()
    tensor = openvino.Tensor(image)
    version = openvino.get_version().split("-")[0]
    return lambda: request.infer({0: tensor}), {"OpenVINO": version}


def main():
    options = worker.arguments()
    layers, shape, _ = workloads.workload(options.workload)
    images, _ = workloads.samples(options.workload, options.batch)
    image = np.ascontiguousarray(images.transpose(0, 3, 1, 2))
    model = Export(layers, shape, options.batch).bytes
    make = openvino_step if options.variant == "openvino" else onnxruntime_step
    step, versions = make(model, image, options.threads)

    def run(steps):
        for _ in range(steps):
            step()

    worker.serve(run, versions, options)


main()
