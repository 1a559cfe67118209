"""The OpenAPI document, and the server held against it."""

import os

import pytest
import requests
from openapi_spec_validator import validate

import models
from server import serving

EXAMPLES = int(os.environ.get("STRATA_OPENAPI_EXAMPLES", "25"))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    files = [models.linear(folder / "linear.keras"), models.colours(folder / "colours.keras")]
    with serving(*files) as server:
        yield server


def with_names(node):
    """The document with the names of models that there are, which would not be guessed."""
    if isinstance(node, list):
        return [with_names(child) for child in node]
    if not isinstance(node, dict):
        return node
    names = {"model": ["linear", "colours", "nothing"], "version": ["1", "2"]}
    node = {key: with_names(child) for key, child in node.items()}
    if node.get("in") == "path" and node.get("name") in names:
        node["schema"] = {"type": "string", "enum": names[node["name"]]}
    return node


@pytest.fixture(scope="module")
def document(server):
    answer = requests.get(f"{server.url}/openapi.json", timeout=20)
    assert answer.status_code == 200
    return answer.json()


def test_the_document_is_valid(document):
    validate(document)
    assert document["openapi"].startswith("3.")


def test_every_operation_says_what_it_does(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in ("get", "post", "put", "delete", "head"):
                assert operation.get("summary"), f"{method} {path}"
                assert operation.get("operationId"), f"{method} {path}"


def test_the_server_keeps_to_the_document(server, document):
    import hypothesis
    import schemathesis
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    schema = schemathesis.openapi.from_dict(with_names(document))
    schema.config.update(base_url=server.url)
    failures = []
    for result in schema.get_all_operations():
        operation = result.ok()

        @hypothesis.settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy())
        def held(case):
            # What fits a model's shapes is not in the schema.
            case.call_and_validate(timeout=20, excluded_checks=[positive_data_acceptance])

        try:
            held()
        except BaseExceptionGroup as group:
            failures.append(f"{operation.label}: {group.exceptions[0]}")
        except Exception as error:
            failures.append(f"{operation.label}: {error}")
    assert not failures, "\n\n".join(failures)
