"""Saves the model of a program that the studio printed, compiled but not trained.

Usage: save.py PROGRAM MODEL.keras
"""
import os
import sys

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
import keras

program, path = sys.argv[1:]
with open(program) as file:
    source = file.read()
names = {"keras": keras, "layers": keras.layers}
exec(source[source.index("model = keras.Sequential") : source.index("model.fit(")], names)
names["model"].save(path)
