"""A model of MLServer that runs the ONNX file of the benchmark."""

import os

from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse

from digits_session import Session


class Digits(MLModel):
    async def load(self) -> bool:
        self.session = Session(os.environ["BENCH_MODEL"])
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        images = NumpyCodec.decode_input(payload.inputs[0])
        outputs = [NumpyCodec.encode_output("scores", self.session.scores(images))]
        return InferenceResponse(model_name=self.name, outputs=outputs)
