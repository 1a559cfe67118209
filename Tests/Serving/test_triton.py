"""The Open Inference Protocol with Triton's own clients, over HTTP and gRPC."""

import ml_dtypes
import numpy as np
import pytest
import tritonclient.grpc
import tritonclient.http
from tritonclient.utils import InferenceServerException

import models
from conftest import TYPES

X = np.array([[1, 2, 3, 4], [-1, 0.5, 0, 8]], np.float32)
Y = X @ models.KERNEL + np.array([1, 11, 21], np.float32)


@pytest.fixture(params=["http", "grpc"])
def triton(request, server):
    """The module of a client, and a client."""
    if request.param == "http":
        module, address = tritonclient.http, server.address
    else:
        module, address = tritonclient.grpc, server.grpc_address
    client = module.InferenceServerClient(address)
    yield module, client
    client.close()


def tensor(module, name, array, datatype, **options):
    """An input; over HTTP in binary form unless told otherwise."""
    input = module.InferInput(name, list(array.shape), datatype)
    input.set_data_from_numpy(array, **options)
    return input


def test_live_and_ready(triton):
    _, client = triton
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("linear")
    assert client.is_model_ready("linear", "1")


def test_server_metadata(triton):
    module, client = triton
    options = {"as_json": True} if module is tritonclient.grpc else {}
    metadata = client.get_server_metadata(**options)
    assert metadata["name"] == "strata"
    assert {"classification", "model_repository"} <= set(metadata["extensions"])


def test_model_metadata(triton):
    module, client = triton
    options = {"as_json": True} if module is tritonclient.grpc else {}
    metadata = client.get_model_metadata("pair", **options)
    assert (metadata["name"], metadata["platform"]) == ("pair", "strata_keras")
    assert metadata["versions"] == ["1"]
    for tensors, names in (("inputs", ["a", "b"]), ("outputs", ["sum", "product"])):
        assert [t["name"] for t in metadata[tensors]] == names
        for t in metadata[tensors]:
            assert t["datatype"] == "FP32"
            assert [int(n) for n in t["shape"]] == [-1, 2, 3]


def test_infer_is_the_arithmetic(triton):
    module, client = triton
    result = client.infer("linear", [tensor(module, "x", X, "FP32")], request_id="seven of 9")
    np.testing.assert_array_equal(result.as_numpy("y"), Y)
    response = result.get_response()
    if module is tritonclient.http:
        assert (response["id"], response["model_version"]) == ("seven of 9", "2")
    else:
        assert (response.id, response.model_version) == ("seven of 9", "2")


def test_an_older_version(triton):
    module, client = triton
    result = client.infer("linear", [tensor(module, "x", X, "FP32")], model_version="1")
    np.testing.assert_array_equal(result.as_numpy("y"), Y - 1)


@pytest.mark.parametrize("binary_in", [True, False])
@pytest.mark.parametrize("binary_out", [True, False])
def test_http_mixes_binary_and_json(server, binary_in, binary_out):
    module = tritonclient.http
    with module.InferenceServerClient(server.address) as client:
        result = client.infer(
            "linear",
            [tensor(module, "x", X, "FP32", binary_data=binary_in)],
            outputs=[module.InferRequestedOutput("y", binary_data=binary_out)],
        )
        np.testing.assert_array_equal(result.as_numpy("y"), Y)


def test_several_inputs_and_outputs(triton):
    module, client = triton
    a = np.arange(18, dtype=np.float32).reshape(3, 2, 3)
    b = a[::-1].copy() + 1
    inputs = [tensor(module, "b", b, "FP32"), tensor(module, "a", a, "FP32")]
    result = client.infer("pair", inputs)
    np.testing.assert_array_equal(result.as_numpy("sum"), a + b)
    np.testing.assert_array_equal(result.as_numpy("product"), a * b)
    only = client.infer("pair", inputs, outputs=[module.InferRequestedOutput("product")])
    np.testing.assert_array_equal(only.as_numpy("product"), a * b)
    assert only.as_numpy("sum") is None


# What the five elements are, for each datatype of the protocol, and the models that can take them.
DATATYPES = {
    "BOOL": (np.bool_, [True, False, True, True, False], TYPES),
    "UINT8": (np.uint8, [0, 1, 0, 1, 1], TYPES),
    "UINT16": (np.uint16, [0, 1, 255, 7, 9], ["float32", "int32", "uint8"]),
    "UINT32": (np.uint32, [0, 1, 200, 7, 9], ["float32", "int32", "uint8"]),
    "UINT64": (np.uint64, [0, 1, 200, 7, 9], ["float32", "int32", "uint8"]),
    "INT8": (np.int8, [-128, 127, 0, -1, 1], ["float32", "int32"]),
    "INT16": (np.int16, [-32768, 32767, 0, -1, 1], ["float32", "int32"]),
    "INT32": (np.int32, [-(2**20), 2**20, 0, -1, 1], ["float32", "int32"]),
    "INT64": (np.int64, [-(2**20), 2**20, 0, -1, 1], ["float32", "int32"]),
    "FP16": (np.float16, [0.5, -0.25, 1024, 0, -3], ["float32"]),
    "FP32": (np.float32, [0.5, -0.25, 1024, 0, -3], ["float32"]),
    "FP64": (np.float64, [0.5, -0.25, 1024, 0, -3], ["float32"]),
}
CASES = [(name, model) for name, (_, _, takers) in DATATYPES.items() for model in takers]


@pytest.mark.parametrize(("datatype", "model"), CASES)
def test_all_datatypes_in_binary_form(triton, datatype, model):
    module, client = triton
    kind, values, _ = DATATYPES[datatype]
    x = np.array([values], kind)
    result = client.infer(model, [tensor(module, "x", x, datatype)])
    np.testing.assert_array_equal(result.as_numpy("y"), 2 * x.astype(np.float32) + 1)


@pytest.mark.parametrize(
    ("datatype", "model"), [case for case in CASES if case[0] not in ("FP16",)]
)
def test_all_datatypes_in_json(server, datatype, model):
    module = tritonclient.http
    kind, values, _ = DATATYPES[datatype]
    x = np.array([values], kind)
    with module.InferenceServerClient(server.address) as client:
        result = client.infer(
            model,
            [tensor(module, "x", x, datatype, binary_data=False)],
            outputs=[module.InferRequestedOutput("y", binary_data=False)],
        )
    np.testing.assert_array_equal(result.as_numpy("y"), 2 * x.astype(np.float32) + 1)


def test_bf16(triton):
    module, client = triton
    x = np.array([[0.5, -0.25, 1024, 0, -3]], ml_dtypes.bfloat16)
    for model in ("float32", "bfloat16"):
        result = client.infer(model, [tensor(module, "x", x, "BF16")])
        np.testing.assert_array_equal(result.as_numpy("y"), 2 * x.astype(np.float32) + 1)


# The field of InferTensorContents for each datatype that has one.
FIELDS = {
    "BOOL": "bool_contents",
    "INT8": "int_contents",
    "INT16": "int_contents",
    "INT32": "int_contents",
    "INT64": "int64_contents",
    "UINT8": "uint_contents",
    "UINT16": "uint_contents",
    "UINT32": "uint_contents",
    "UINT64": "uint64_contents",
    "FP32": "fp32_contents",
    "FP64": "fp64_contents",
}


def typed(server, model, name, datatype, shape, **contents):
    """Sends typed contents, which Triton's client does not."""
    from tritonclient.grpc import service_pb2 as pb

    request = pb.ModelInferRequest(model_name=model)
    input = request.inputs.add(name=name, datatype=datatype, shape=shape)
    for field, values in contents.items():
        getattr(input.contents, field).extend(values)
    with tritonclient.grpc.InferenceServerClient(server.grpc_address) as client:
        return client._client_stub.ModelInfer(request)


@pytest.mark.parametrize("datatype", FIELDS)
def test_typed_contents_of_grpc_are_answered_in_kind(server, datatype):
    kind, values, _ = DATATYPES[datatype]
    contents = {FIELDS[datatype]: np.array(values, kind).tolist()}
    response = typed(server, "float32", "x", datatype, [1, 5], **contents)
    expected = 2 * np.array(values, kind).astype(np.float32) + 1
    assert list(response.outputs[0].contents.fp32_contents) == expected.tolist()
    assert not response.raw_output_contents


@pytest.mark.parametrize(
    ("datatype", "contents", "words"),
    [
        ("FP32", {"fp64_contents": [1.0] * 5}, "go into fp32_contents"),
        ("FP16", {"fp32_contents": [1.0] * 5}, "raw_input_contents"),
        ("INT8", {"int_contents": [300] * 5}, "not of its datatype INT8"),
        ("FP32", {"fp32_contents": [1.0] * 4}, "4 elements, but its shape [1, 5] takes 5"),
        ("FP32", {}, "0 elements, but its shape [1, 5] takes 5"),
    ],
)
def test_wrong_typed_contents(server, datatype, contents, words):
    import grpc

    with pytest.raises(grpc.RpcError) as error:
        typed(server, "float32", "x", datatype, [1, 5], **contents)
    assert error.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert words in error.value.details()


def test_classification(triton):
    module, client = triton
    x = np.zeros((2, 8, 8, 3), np.float32)
    x[0, :, :, 2] = 255
    x[1, :, :, 0] = 255
    x[1, :, :, 1] = 51
    # softmax of (0, 0, 8), and of (8, 1.6, 0).
    output = module.InferRequestedOutput("colour", class_count=2)
    result = client.infer("colours", [tensor(module, "picture", x, "FP32")], outputs=[output])
    classes = [[text.decode().split(":") for text in row] for row in result.as_numpy("colour")]
    assert [[(index, label) for _, index, label in row] for row in classes] == [
        [("2", "blue"), ("0", "red")],
        [("0", "red"), ("1", "green")],
    ]
    scores = np.array([[0, 0, 8], [8, 1.6, 0]])
    softmax = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    expected = [[softmax[0, 2], softmax[0, 0]], [softmax[1, 0], softmax[1, 1]]]
    got = [[float(value) for value, _, _ in row] for row in classes]
    # Rescaling by 8 / 255 in float32 is off by 8 · 2^-24, and softmax's slope is 1 at most.
    np.testing.assert_allclose(got, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("model", "version", "name", "array", "datatype", "words"),
    [
        ("nothing", "", "x", X, "FP32", "there is no model nothing"),
        ("linear", "9", "x", X, "FP32", "there is no version 9 of model linear"),
        ("linear", "", "z", X, "FP32", 'model linear has no input "z"'),
        ("linear", "", "x", X[:, :3].copy(), "FP32", "has shape [2, 3], but model linear takes"),
        ("uint8", "", "x", np.full((1, 5), -1, np.int32), "INT32", "element 0"),
    ],
)
def test_errors_say_what_is_wrong(triton, model, version, name, array, datatype, words):
    module, client = triton
    with pytest.raises(InferenceServerException) as error:
        client.infer(model, [tensor(module, name, array, datatype)], model_version=version)
    assert words in str(error.value)


def test_a_missing_input(triton):
    module, client = triton
    a = np.zeros((1, 2, 3), np.float32)
    with pytest.raises(InferenceServerException, match='input "b" is missing'):
        client.infer("pair", [tensor(module, "a", a, "FP32")])


def test_repository_control(triton, repository):
    module, client = triton
    options = {"as_json": True} if module is tritonclient.grpc else {}

    def state(name):
        index = client.get_model_repository_index(**options)
        entries = index["models"] if module is tritonclient.grpc else index
        return {entry["state"] for entry in entries if entry["name"] == name}

    assert state("bool") == {"READY"}
    client.unload_model("bool")
    assert state("bool") == {"UNAVAILABLE"}
    assert not client.is_model_ready("bool")
    with pytest.raises(InferenceServerException, match="not ready"):
        x = np.zeros((1, 5), np.bool_)
        client.infer("bool", [tensor(module, "x", x, "BOOL")])
    client.load_model("bool")
    assert state("bool") == {"READY"}
    assert client.is_model_ready("bool")
    with pytest.raises(InferenceServerException, match="nothing"):
        client.load_model("nothing")


def test_asynchronous_calls(triton):
    module, client = triton
    inputs = [tensor(module, "x", X, "FP32")]
    if module is tritonclient.http:
        results = [client.async_infer("linear", inputs) for _ in range(100)]
        results = [result.get_result() for result in results]
    else:
        import queue

        done = queue.Queue()
        for _ in range(100):
            client.async_infer("linear", inputs, lambda result, error: done.put((result, error)))
        results = []
        for _ in range(100):
            result, error = done.get(timeout=20)
            assert error is None
            results.append(result)
    for result in results:
        np.testing.assert_array_equal(result.as_numpy("y"), Y)
