"""pytriton_double.py PORT: Triton's own front end over a Python function, y = 2 x, in batches of at most 4."""

import sys

import numpy as np
from pytriton.decorators import batch
from pytriton.model_config import ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig

port = int(sys.argv[1])


@batch
def infer(x, text):
    return {"y": x * np.float32(2), "loud": np.char.upper(text.astype(bytes)), "rows": np.full((len(x), 1), len(x), np.int64)}


config = TritonConfig(http_address="127.0.0.1", http_port=port, grpc_port=port + 1, metrics_port=port + 2, allow_metrics=False)
with Triton(config=config) as triton:
    triton.bind(
        model_name="double",
        infer_func=infer,
        inputs=[Tensor(name="x", dtype=np.float32, shape=(2,)), Tensor(name="text", dtype=bytes, shape=(1,))],
        outputs=[
            Tensor(name="y", dtype=np.float32, shape=(2,)),
            Tensor(name="loud", dtype=bytes, shape=(1,)),
            Tensor(name="rows", dtype=np.int64, shape=(1,)),
        ],
        config=ModelConfig(max_batch_size=4),
    )
    triton.serve()
