"""BentoML, one worker; MODEL and BATCH come by the environment, because its own command imports this module."""

import os

import bentoml

from digits_session import Session

batch = int(os.environ["BENCH_BATCH"])


@bentoml.service(workers=1, traffic={"timeout": 30, "max_concurrency": 1000})
class Digits:
    def __init__(self) -> None:
        self.session = Session(os.environ["BENCH_MODEL"])

    if batch > 1:

        @bentoml.api(batchable=True, max_batch_size=batch, max_latency_ms=1000)
        def predict(self, pixels: list[list[float]]) -> list[dict]:
            return self.session.best(pixels)

    else:

        @bentoml.api
        def predict(self, pixels: list[float]) -> dict:
            return self.session.best([pixels])[0]
