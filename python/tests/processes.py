"""Programs that tests run in a Python of their own, because Keras chooses its backend once."""

import os
import subprocess
import sys


def run(code: str, *options: str, **variables: str | None) -> subprocess.CompletedProcess:
    """Runs a program with changed environment variables; `None` removes one."""
    environment = {**os.environ, "KERAS_BACKEND": None, **variables}
    return subprocess.run(
        [sys.executable, *options, "-c", code],
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=300,
    )


def output(code: str, *options: str, **variables: str | None) -> str:
    """What a program prints, which must end without an error."""
    ended = run(code, *options, **variables)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def error(code: str, *options: str, **variables: str | None) -> str:
    """The last line of the error with which a program ends."""
    ended = run(code, *options, **variables)
    assert ended.returncode != 0, ended.stdout
    return ended.stderr.strip().splitlines()[-1]
