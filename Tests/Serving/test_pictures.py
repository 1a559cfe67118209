"""Pictures in, classes out."""

import base64
import io

import numpy as np
import pytest
import requests
from PIL import Image

import models
from server import serving

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


@pytest.fixture(scope="module")
def corner_server(tmp_path_factory):
    with serving(models.corner(tmp_path_factory.mktemp("model") / "corner.keras")) as server:
        yield server


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
    assert answer.status_code == 413
    assert "10000 × 10000 pixels are too many" in answer.json()["error"]


# Where EXIF's orientations put the upright picture (TIFF 6.0, tag 274).
ORIENTATIONS = {
    1: [],
    2: [Image.Transpose.FLIP_LEFT_RIGHT],
    3: [Image.Transpose.ROTATE_180],
    4: [Image.Transpose.FLIP_TOP_BOTTOM],
    5: [Image.Transpose.TRANSPOSE],
    6: [Image.Transpose.ROTATE_90],
    7: [Image.Transpose.TRANSVERSE],
    8: [Image.Transpose.ROTATE_270],
}


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_photo_is_turned_upright(corner_server, orientation):
    photo = Image.new("RGB", (48, 32), COLOURS["green"])
    photo.paste(COLOURS["red"], (0, 0, 24, 16))
    for operation in ORIENTATIONS[orientation]:
        photo = photo.transpose(operation)
    exif = Image.Exif()
    exif[274] = orientation
    file = io.BytesIO()
    photo.save(file, "JPEG", exif=exif)
    answer = requests.post(
        f"{corner_server.url}/v2/models/corner/classify",
        data=file.getvalue(),
        headers={"Content-Type": "image/jpeg"},
        timeout=20,
    )
    assert answer.json()["pictures"][0]["classes"][0]["label"] == "red"
