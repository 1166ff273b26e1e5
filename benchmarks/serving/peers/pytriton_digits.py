"""pytriton_digits.py MODEL PORT BATCH: Triton's own front end and batcher over a Python function."""

import sys

import numpy as np
from pytriton.decorators import batch
from pytriton.model_config import DynamicBatcher, ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig

from digits_session import Session

model, port, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


def main():
    session = Session(model)

    @batch
    def infer(image):
        return {"scores": session.scores(image)}

    config = TritonConfig(http_address="127.0.0.1", http_port=port, allow_grpc=False, allow_metrics=False, log_verbose=0)
    with Triton(config=config) as triton:
        triton.bind(
            model_name="digits",
            infer_func=infer,
            inputs=[Tensor(name="image", dtype=np.float32, shape=(784,))],
            outputs=[Tensor(name="scores", dtype=np.float32, shape=(10,))],
            config=ModelConfig(max_batch_size=max(size, 1), batching=True, batcher=DynamicBatcher()),
            strict=False,
        )
        triton.serve()


if __name__ == "__main__":
    main()
