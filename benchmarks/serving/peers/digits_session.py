"""The model of the benchmark, as every Python server runs it: one thread, one session a process."""

import numpy as np
import onnxruntime


class Session:
    def __init__(self, path):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def scores(self, images):
        return self._session.run(["scores"], {"image": np.asarray(images, dtype=np.float32)})[0]

    def best(self, images):
        """The likeliest class of each image."""
        return [{"digit": int(row.argmax()), "confidence": float(row.max())} for row in self.scores(images)]
