"""A model of tensors: the sum and the difference of two rows, with numpy or without it."""

import array


def inference(inputs):
    a, b = inputs["a"], inputs["b"]
    if hasattr(a, "dtype"):
        return {"sum": a + b, "text": inputs["text"] if "text" in inputs else [[]]}
    rows, width = a.shape
    flat = array.array("f", [x + y for p, q in zip(a.tolist(), b.tolist()) for x, y in zip(p, q)])
    return {"sum": memoryview(flat).cast("B").cast("f", (rows, width))}
