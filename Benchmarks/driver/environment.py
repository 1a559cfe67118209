"""The virtual environment that the peers live in."""

import pathlib
import subprocess
import sys

REQUIREMENTS = pathlib.Path(__file__).parent.parent / "requirements.txt"


def python(options):
    """A Python that has the peers, made where it is missing."""
    if options.python:
        return options.python
    folder = options.venv.expanduser()
    program = folder / "bin" / "python"
    done = folder / "installed"
    wanted = REQUIREMENTS.read_text()
    if not done.exists() or done.read_text() != wanted:
        print(f"installing the peers into {folder}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run(
            [program, "-m", "pip", "install", "--quiet", "-r", REQUIREMENTS], check=True)
        done.write_text(wanted)
    return str(program)
