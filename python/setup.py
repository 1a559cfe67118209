"""What pyproject.toml cannot say of the wheel: its tag, and the file for Python's start."""

import os

from setuptools import Distribution
from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py


class _Wheel(bdist_wheel):
    """The engine is loaded by ctypes: the wheel is for any Python 3, but for one platform."""

    def get_tag(self) -> tuple[str, str, str]:
        return "py3", "none", super().get_tag()[2]


class _Build(build_py):
    """Puts `keras_strata.pth` beside the packages."""

    def run(self) -> None:
        super().run()
        self.copy_file("keras_strata.pth", os.path.join(self.build_lib, "keras_strata.pth"))


class _Distribution(Distribution):
    def has_ext_modules(self) -> bool:
        return True


setup(cmdclass={"bdist_wheel": _Wheel, "build_py": _Build}, distclass=_Distribution)
