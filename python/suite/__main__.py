"""The command `keras-suite`."""

import argparse
import os
import sys
from pathlib import Path

from suite import environment
from suite import results
from suite import table
from suite.run import Suite


def main() -> int:
    """Runs the tests; 1 means that some failed."""
    arguments = _parser().parse_args()
    python = environment.python(arguments)
    if arguments.environment:
        print(python)
        return 0
    tests = environment.tests(python)
    suite = Suite(
        python=python,
        tests=tests,
        backend=arguments.backend,
        expression=arguments.k,
        limit=arguments.limit,
        is_installed=bool(arguments.wheel),
    )
    found = suite.run(environment.files(tests, arguments.paths, arguments.backend), arguments.jobs)
    against = results.load(arguments.against, [file.path for file in found])
    print(table.table(found, arguments.backend, against, arguments.against))
    failed = [test for file in found for test in file.failed]
    if arguments.failures:
        print(table.failures(failed))
    path = results.write_failures(arguments.backend, failed)
    print(f"\nThe failures, with their messages: {path}")
    print(table.summary(found))
    if not arguments.paths and not arguments.k:
        unused = suite.excluded.keys() - {id for file in found for id in file.exclusions}
        for name in sorted(unused):
            print(f"excluded_tests.txt names a test that is not there: {name}", file=sys.stderr)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="keras-suite",
        description="Runs Keras's own tests, as its wheel from PyPI has them, on a backend, each "
        "file in a process of its own, and prints a table by folder. It makes an environment with "
        f"what the tests need in {environment.FOLDER}.",
        epilog="Tests of other backends and those that download weights (applications) are left "
        "out. python/excluded_tests.txt names those that Strata does not run, and why.",
    )
    parser.add_argument(
        "paths",
        nargs="*",
        help="files or folders below keras/src, such as ops/numpy_test.py or layers/core; all",
    )
    parser.add_argument("--backend", default="strata", help="the backend (strata)")
    parser.add_argument(
        "--against",
        default="torch",
        help="the backend whose stored results, where there are any, stand beside them (torch)",
    )
    parser.add_argument("--failures", action="store_true", help="list the failures by message")
    parser.add_argument("-k", metavar="EXPRESSION", help="pytest's choice of tests by name")
    parser.add_argument("--python", type=Path, help="a Python that has all packages")
    parser.add_argument(
        "--environment", action="store_true", help="make the environment and print its Python"
    )
    parser.add_argument("--wheel", type=Path, help="a wheel of keras-strata to be tested")
    parser.add_argument(
        "--limit", type=float, default=300, help="the seconds that one test may take (300)"
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=max(1, (os.cpu_count() or 1) // 2),
        help="how many files run at a time (half of the processors)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
