"""TensorFlow Serving's REST interface, as its own clients use it."""

import base64
import io

import numpy as np
import pytest
import requests
from PIL import Image

import models

X = [[1, 2, 3, 4], [-1, 0.5, 0, 8]]
Y = (np.array(X) @ models.KERNEL + np.array([1, 11, 21])).tolist()


def predict(server, path, body):
    return requests.post(f"{server.url}/v1/models/{path}:predict", json=body, timeout=20)


def test_rows(server):
    answer = predict(server, "linear", {"instances": X})
    assert answer.status_code == 200
    assert answer.json() == {"predictions": Y}


def test_rows_by_name(server):
    answer = predict(server, "linear", {"instances": [{"x": row} for row in X]})
    assert answer.json() == {"predictions": Y}


def test_columns(server):
    assert predict(server, "linear", {"inputs": X}).json() == {"outputs": Y}
    assert predict(server, "linear", {"inputs": {"x": X}}).json() == {"outputs": Y}


def test_a_version(server):
    answer = predict(server, "linear/versions/1", {"instances": X})
    assert answer.json() == {"predictions": (np.array(Y) - 1).tolist()}


def test_several_inputs_and_outputs(server):
    a = np.arange(12.0).reshape(2, 2, 3)
    b = a + 0.5
    rows = [{"a": one.tolist(), "b": other.tolist()} for one, other in zip(a, b, strict=False)]
    expected = [
        {"sum": (one + other).tolist(), "product": (one * other).tolist()}
        for one, other in zip(a, b, strict=False)
    ]
    assert predict(server, "pair", {"instances": rows}).json() == {"predictions": expected}
    columns = {"a": a.tolist(), "b": b.tolist()}
    expected = {"sum": (a + b).tolist(), "product": (a * b).tolist()}
    assert predict(server, "pair", {"inputs": columns}).json() == {"outputs": expected}


def test_a_picture_in_base64(server):
    png = io.BytesIO()
    Image.new("RGB", (20, 10), (0, 255, 0)).save(png, "PNG")
    text = base64.b64encode(png.getvalue()).decode()
    for instance in ({"b64": text}, {"picture": {"b64": text}}):
        answer = predict(server, "colours", {"instances": [instance]})
        assert answer.status_code == 200, answer.text
        assert np.argmax(answer.json()["predictions"][0]) == 1


def test_status(server):
    status = requests.get(f"{server.url}/v1/models/linear", timeout=20).json()
    versions = {entry["version"]: entry["state"] for entry in status["model_version_status"]}
    assert versions == {"1": "AVAILABLE", "2": "AVAILABLE"}


def test_metadata(server):
    metadata = requests.get(f"{server.url}/v1/models/linear/metadata", timeout=20).json()
    assert metadata["model_spec"]["name"] == "linear"
    assert "signature_def" in metadata["metadata"]


@pytest.mark.parametrize(
    ("model", "body", "status"),
    [
        ("nothing", {"instances": X}, 404),
        ("linear", {"instances": [[1, 2]]}, 400),
        ("linear", {"instances": [[1, 2, 3, "four"]]}, 400),
        ("linear", {"instances": [[1, 2, 3, 4], [1, 2]]}, 400),
        ("linear", {"instances": []}, 400),
        ("linear", {}, 400),
        ("linear", {"instances": X, "inputs": X}, 400),
        ("linear", {"instances": X, "signature_name": "other"}, 400),
        ("pair", {"instances": X}, 400),
    ],
)
def test_errors(server, model, body, status):
    answer = predict(server, model, body)
    assert answer.status_code == status
    assert answer.json()["error"]
