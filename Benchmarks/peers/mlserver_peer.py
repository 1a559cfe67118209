"""An onnxruntime model as a runtime of MLServer.

MLServer's REST has no binary tensors, so tensors and pictures come as bytes in base 64.
"""

import json
import os

import serving_runtimes
from mlserver import MLModel
from mlserver.codecs import Base64Codec, NumpyCodec, StringCodec
from mlserver.types import InferenceResponse


class Runtime(MLModel):
    async def load(self):
        self.model = serving_runtimes.Model(
            "onnxruntime", os.environ["SERVING_MODEL"],
            int(os.environ.get("SERVING_THREADS", "0")))
        return True

    async def predict(self, payload):
        data = Base64Codec.decode_input(payload.inputs[0])[0]
        if payload.inputs[0].name == "picture":
            classes = json.dumps(self.model.picture(data))
            output = StringCodec.encode_output("classes", [classes])
        else:
            output = NumpyCodec.encode_output("probabilities", self.model.tensor(data))
        return InferenceResponse(model_name=self.name, outputs=[output])
