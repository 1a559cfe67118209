"""The OpenAPI document, and the server held against it."""

import os

import pytest
import requests
from openapi_spec_validator import validate

EXAMPLES = int(os.environ.get("STRATA_OPENAPI_EXAMPLES", "15"))


@pytest.fixture(scope="module")
def document(server):
    answer = requests.get(f"{server.url}/openapi.json", timeout=20)
    if answer.status_code == 404:
        pytest.skip("there is no document yet")
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

    schema = schemathesis.openapi.from_dict(document)
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
            case.call_and_validate(timeout=20)

        try:
            held()
        except BaseExceptionGroup as group:
            failures.append(f"{operation.label}: {group.exceptions[0]}")
        except Exception as error:
            failures.append(f"{operation.label}: {error}")
    assert not failures, "\n\n".join(failures)
