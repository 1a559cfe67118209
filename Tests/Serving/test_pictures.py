"""Pictures in, classes out."""

import base64
import io

import numpy as np
import pytest
import requests
from PIL import Image

COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}


def picture(colour, kind, size=(30, 20)):
    file = io.BytesIO()
    Image.new("RGB", size, COLOURS[colour]).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_raw_body(server, colour, kind):
    answer = requests.post(
        f"{server.url}/v2/models/colours/classify?top=2",
        data=picture(colour, kind),
        headers={"Content-Type": f"image/{kind.lower()}"},
        timeout=20,
    )
    assert answer.status_code == 200, answer.text
    classes = answer.json()["pictures"][0]["classes"]
    assert len(classes) == 2
    assert classes[0]["label"] == colour
    # softmax of (8, 0, 0); JPEG's colours are off by 2 of 255 at most, so a score by 0.07.
    assert classes[0]["probability"] == pytest.approx(np.exp(8) / (np.exp(8) + 2), abs=1e-4)


def test_multipart(server):
    files = [("file", (f"{name}.png", picture(name, "PNG"), "image/png")) for name in COLOURS]
    answer = requests.post(f"{server.url}/v2/models/colours/classify", files=files, timeout=20)
    assert answer.status_code == 200, answer.text
    got = [(one["name"], one["classes"][0]["label"]) for one in answer.json()["pictures"]]
    assert got == [(f"{name}.png", name) for name in COLOURS]


def test_a_tensor_of_pictures(server):
    texts = [base64.b64encode(picture(name, "PNG")).decode() for name in COLOURS]
    body = {"inputs": [{"name": "picture", "datatype": "BYTES", "shape": [3], "data": texts}]}
    answer = requests.post(f"{server.url}/v2/models/colours/infer", json=body, timeout=20)
    assert answer.status_code == 200, answer.text
    output = answer.json()["outputs"][0]
    assert np.argmax(np.reshape(output["data"], output["shape"]), axis=1).tolist() == [0, 1, 2]


def test_a_tensor_of_pictures_over_grpc(server):
    import tritonclient.grpc as triton

    files = np.array([picture(name, "JPEG") for name in COLOURS], np.object_)
    input = triton.InferInput("picture", [3], "BYTES")
    input.set_data_from_numpy(files)
    with triton.InferenceServerClient(server.grpc_address) as client:
        result = client.infer("colours", [input])
    assert np.argmax(result.as_numpy("colour"), axis=1).tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    "body",
    [b"", b"no picture", picture("red", "PNG")[:40], picture("red", "JPEG")[:200]],
)
def test_what_is_no_picture(server, body):
    answer = requests.post(
        f"{server.url}/v2/models/colours/classify",
        data=body,
        headers={"Content-Type": "image/png"},
        timeout=20,
    )
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_model_that_takes_no_pictures(server):
    answer = requests.post(
        f"{server.url}/v2/models/linear/classify", data=picture("red", "PNG"), timeout=20
    )
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_picture_with_too_many_pixels(server):
    # 10,000 × 10,000 pixels in 300 kB.
    file = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(file, "PNG", optimize=True)
    answer = requests.post(
        f"{server.url}/v2/models/colours/classify", data=file.getvalue(), timeout=20
    )
    assert answer.status_code in (400, 413)
    assert "pixels" in answer.json()["error"]
