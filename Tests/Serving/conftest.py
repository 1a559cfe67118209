"""The server that most tests share, and its models."""

import pytest

import models
from server import serving

TYPES = ["float32", "bfloat16", "int32", "uint8", "bool"]


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """A repository with the models of `models.py`, and two versions of `linear`."""
    folder = tmp_path_factory.mktemp("models")

    def version(name, number=1):
        path = folder / name / str(number)
        path.mkdir(parents=True)
        return path / "model.keras"

    models.linear(version("linear"))
    models.linear(version("linear", 2), bias=(1, 11, 21))
    models.pair(version("pair"))
    models.colours(version("colours"))
    for dtype in TYPES:
        models.scaled(version(dtype), dtype)
    return folder


@pytest.fixture(scope="session")
def server(repository):
    """A server of all models in all versions, over HTTP and gRPC."""
    with serving(repository, "--versions", "all", "--grpc-port", 0, "--model-control") as server:
        yield server
