"""Holds files of Kubeflow's MPI Operator against its schema: python mpijob_files.py SCHEMA FILE...

Each field must be known and of its type, none that is required may be missing, and what is Kubernetes's
own fits the types of its Python package. What the operator checks beyond its schema is checked too.
"""

import json
import sys

import yaml
from kserve_files import wrong_model

TYPES = {"string": str, "integer": int, "boolean": bool, "object": dict, "array": list}
# Of ValidateMPIJob in kubeflow/mpi-operator.
POLICIES = {
    "cleanPodPolicy": ("None", "Running", "All"),
    "restartPolicy": ("Never", "OnFailure"),
    "launcherCreationPolicy": ("AtStartup", "WaitForWorkersReady"),
}


def wrong(value, schema, place):
    """What does not fit a schema, as texts."""
    if kind := schema.get("x-kubernetes-model"):
        yield from wrong_model(value, kind, place)
        return
    if "type" not in schema:
        return  # a number or a text
    kind = TYPES[schema["type"]]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        yield f"{place} is {value!r}, but should be of the type {schema['type']}"
        return
    name = place.rpartition(".")[2]
    choices = schema.get("enum") or POLICIES.get(name, [value])
    if value not in choices:
        yield f"{place} is {value!r}, but should be one of {', '.join(choices)}"
    if kind is dict:
        yield from wrong_members(value, schema, place)


def wrong_members(value, schema, place):
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    for name in set(schema.get("required", [])) - value.keys():
        yield f"{place} lacks {name}"
    for name, element in value.items():
        if name in known or others:
            yield from wrong(element, known.get(name, others), f"{place}.{name}")
        else:
            yield f"{place} has no {name}"


def wrong_job(job):
    """What the operator itself refuses."""
    if (job.get("apiVersion"), job.get("kind")) != ("kubeflow.org/v2beta1", "MPIJob"):
        yield f"it is {job.get('apiVersion')} {job.get('kind')}, not kubeflow.org/v2beta1 MPIJob"
    replicas = job["spec"]["mpiReplicaSpecs"]
    for name in replicas.keys() - {"Launcher", "Worker"}:
        yield f"mpiReplicaSpecs has no {name}"
    if replicas.get("Launcher", {}).get("replicas", 1) != 1:
        yield "there must be one Launcher"
    for name in ("Launcher", "Worker"):
        if not replicas.get(name, {}).get("template", {}).get("spec", {}).get("containers"):
            yield f"{name} has no container"


def main():
    with open(sys.argv[1]) as text:
        schema = json.load(text)["schema"]
    failed = False
    for file in sys.argv[2:]:
        with open(file) as text:
            job = yaml.safe_load(text)
        for found in [*wrong(job, schema, "MPIJob"), *wrong_job(job)]:
            print(f"{file}: {found}", file=sys.stderr)
            failed = True
    sys.exit(failed)


main()
