"""What the comparison needs beside Strata: the peers, and a compiler."""

import os
import pathlib
import shutil
import subprocess
import sys

REQUIREMENTS = pathlib.Path(__file__).parent.parent / "requirements.txt"
COMPILER = os.environ.get("CXX", "c++")


def has_compiler():
    """Whether there is one for C++."""
    return shutil.which(COMPILER) is not None


def compile_program(source, program, *libraries):
    """Makes a program of a C++ file."""
    subprocess.run(
        [COMPILER, "-O2", "-std=c++17", "-o", program, source, *libraries], check=True)


def python(options, requirements=REQUIREMENTS, folder=None):
    """A Python that has the peers, made where it is missing."""
    if options.python:
        return options.python
    folder = folder or options.venv.expanduser()
    program = folder / "bin" / "python"
    done = folder / "installed"
    wanted = requirements.read_text()
    if not done.exists() or done.read_text() != wanted:
        print(f"installing the peers into {folder}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run(
            [program, "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
        done.write_text(wanted)
    return str(program)
