"""What the Python servers share: a model's prediction, and a picture as its input.

Each is what a user who cares for speed would write: bytes are viewed and not copied, and Keras runs
as one compiled graph. Pictures are decoded in full, as they are for training and in Strata.
"""

import io
import os
import pathlib

import numpy as np
from PIL import Image


def onnxruntime_model(path, threads):
    """A session; 0 threads are as many as onnxruntime likes."""
    import onnxruntime

    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, settings, providers=["CPUExecutionProvider"])
    image = session.get_inputs()[0]
    return lambda x: session.run(None, {image.name: x})[0], tuple(image.shape[1:])


def keras_model(path):
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import keras
    import tensorflow as tf

    model = keras.models.load_model(path, compile=False)
    shape = model.inputs[0].shape[1:]
    forward = tf.function(
        lambda x: model(x, training=False),
        input_signature=[tf.TensorSpec((None, *shape), tf.float32)])
    return lambda x: forward(x).numpy(), tuple(shape)


class Model:
    """`path` without an ending; the runtime is `onnxruntime` or `keras`."""

    def __init__(self, runtime, path, threads=0):
        if runtime == "keras":
            self.predict, self.shape = keras_model(f"{path}.keras")
        else:
            self.predict, self.shape = onnxruntime_model(f"{path}.onnx", threads)
        sample = np.frombuffer(pathlib.Path(f"{path}.f32").read_bytes(), "<f4")
        for _ in range(3):
            self.predict(sample.reshape(1, *self.shape))

    def tensor(self, data):
        """Probabilities for one picture in raw float32."""
        return self.predict(np.frombuffer(data, "<f4").reshape(1, *self.shape))

    def picture(self, data):
        """The five most probable classes of a picture in JPEG or PNG."""
        height, width, channels = self.shape
        image = Image.open(io.BytesIO(data)).convert("L" if channels == 1 else "RGB")
        if image.size != (width, height):
            image = image.resize((width, height), Image.Resampling.BILINEAR)
        x = np.asarray(image, np.float32).reshape(1, *self.shape)
        probabilities = self.predict(x)[0]
        best = np.argsort(probabilities)[:-6:-1]
        return [{"label": int(i), "probability": float(probabilities[i])} for i in best]
