"""A model of MLServer: y = 2 x, and its text in upper case."""

import numpy as np
from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.errors import InferenceError
from mlserver.types import InferenceResponse


class Double(MLModel):
    async def load(self):
        return True

    async def predict(self, request):
        x = NumpyCodec.decode_input(request.inputs[0])
        if np.any(x < 0):
            raise InferenceError("negative numbers are not for this model")
        words = StringCodec.decode_input(request.inputs[1])
        return InferenceResponse(
            model_name=self.name,
            outputs=[
                NumpyCodec.encode_output("y", x * np.float32(2)),
                StringCodec.encode_output("loud", [word.upper() for word in words]),
            ],
        )
