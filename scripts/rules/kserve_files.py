"""Holds files of KServe against the models of its Python package: python kserve.py FILE...

The models are generated from the types of KServe and Kubernetes. Each field must be known and of the
type that they name, and none that is required may be missing.
"""

import importlib.util
import re
import sys
import types

import kubernetes.client
import yaml

# The package's own initializer imports its server, with all that this needs.
package = types.ModuleType("kserve")
package.__path__ = importlib.util.find_spec("kserve").submodule_search_locations
sys.modules["kserve"] = package
from kserve import models  # noqa: E402

SIMPLE = {"str": str, "int": int, "bool": bool, "float": (int, float), "object": object}


def wrong(value, kind, place):
    """What does not fit a type, as texts."""
    if inner := re.fullmatch(r"list\[(.*)\]", kind):
        if not isinstance(value, list):
            yield f"{place} is no list"
            return
        for index, element in enumerate(value):
            yield from wrong(element, inner[1], f"{place}[{index}]")
    elif inner := re.fullmatch(r"dict\([^,]*, (.*)\)", kind):
        if not isinstance(value, dict):
            yield f"{place} is no mapping"
            return
        for name, element in value.items():
            yield from wrong(element, inner[1], f"{place}.{name}")
    elif kind in SIMPLE:
        if not isinstance(value, SIMPLE[kind]) or (kind == "int" and isinstance(value, bool)):
            yield f"{place} is {value!r}, but should be {kind}"
    else:
        yield from wrong_model(value, kind, place)


def wrong_model(value, kind, place):
    model = getattr(models, kind, None) or getattr(kubernetes.client, kind, None)
    if model is None or not hasattr(model, "openapi_types"):
        return  # an integer or a text, such as a port
    if not isinstance(value, dict):
        yield f"{place} is no mapping"
        return
    names = {written: name for name, written in model.attribute_map.items()}
    for written in value.keys() - names.keys():
        yield f"{place} has no {written}"
    known = {names[written]: element for written, element in value.items() if written in names}
    try:
        model(**known)
    except (TypeError, ValueError) as error:
        yield f"{place}: {error}"
    for name, element in known.items():
        yield from wrong(element, model.openapi_types[name], f"{place}.{model.attribute_map[name]}")


def kind_of(document):
    """The name of a document's model: V1beta1InferenceService."""
    version = document["apiVersion"].partition("/")[2]
    return version.capitalize() + document["kind"]


def main():
    failed = False
    for file in sys.argv[1:]:
        with open(file) as text:
            documents = list(yaml.safe_load_all(text))
        for document in documents:
            kind = kind_of(document)
            if not hasattr(models, kind):
                sys.exit(f"{file}: KServe's package has no {kind}")
            for found in wrong(document, kind, document["kind"]):
                print(f"{file}: {found}", file=sys.stderr)
                failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
