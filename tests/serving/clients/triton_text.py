"""Asks a model that writes text with Triton's own client for Python, over HTTP or gRPC, and prints what it answered as JSON."""
import importlib
import json
import queue
import sys

import numpy as np
from tritonclient.utils import InferenceServerException

kind, address, model = sys.argv[1:]
triton = importlib.import_module(f"tritonclient.{kind}")
client = triton.InferenceServerClient(address)
told = {}


def input_of(name, values, datatype):
    array = np.array(values, dtype=np.object_ if datatype == "BYTES" else None)
    array = array.astype({"INT32": np.int32, "FP32": np.float32, "BOOL": np.bool_, "BYTES": np.object_}[datatype])
    given = triton.InferInput(name, list(array.shape), datatype)
    given.set_data_from_numpy(array)
    return given


def plain(result, name):
    array = result.as_numpy(name)
    return None if array is None else [x.decode() if isinstance(x, bytes) else x for x in array.flatten().tolist()]


def ask(*inputs, **options):
    try:
        result = client.infer(model, list(inputs), **options)
        return [plain(result, "text_output"), plain(result, "finish_reason")]
    except InferenceServerException as error:
        return error.message()


text = input_of("text_input", ["abc"], "BYTES")
greedy = {"temperature": 0, "max_tokens": 3}
metadata = client.get_model_metadata(model)
named = metadata if isinstance(metadata, dict) else {"inputs": [{"name": x.name} for x in metadata.inputs], "outputs": [{"name": x.name} for x in metadata.outputs]}
told["metadata"] = [[x["name"] for x in named[part]] for part in ("inputs", "outputs")]
# As the ensembles of TensorRT-LLM are asked, those of vLLM, and with the request's own parameters.
shaped = input_of("text_input", [["abc"]], "BYTES")
wishes = [input_of("max_tokens", [[3]], "INT32"), input_of("temperature", [[0.0]], "FP32"), input_of("stop_words", [["zz", "ef"]], "BYTES")]
told["inputs"] = ask(shaped, *wishes)
sampling = input_of("sampling_parameters", [json.dumps(greedy)], "BYTES")
told["sampling"] = ask(text, input_of("stream", [False], "BOOL"), sampling, outputs=[triton.InferRequestedOutput("text_output")])
told["back"] = ask(text, sampling, input_of("exclude_input_in_output", [False], "BOOL"))
told["parameters"] = ask(text, parameters=greedy | ({"temperature": 0.0} if kind == "grpc" else {}))
told["items"] = json.loads(plain(client.infer(model, [input_of("items", [json.dumps({"prompt": "abc", "maxTokens": 2, "temperature": 0})], "BYTES")]), "answers")[0])
told["two"] = ask(input_of("text_input", ["a", "b"], "BYTES"))
told["none"] = ask(sampling)
told["streamed"] = ask(text, input_of("stream", [True], "BOOL"))

if kind == "grpc":
    answers = queue.Queue()
    client.start_stream(callback=lambda result, error: answers.put((result, error)))

    def stream(*inputs, **options):
        client.async_stream_infer(model, list(inputs), enable_empty_final_response=True, **options)
        pieces = []
        while True:
            result, error = answers.get(timeout=30)
            if error:
                return error.message()
            if result.get_response().parameters["triton_final_response"].bool_param:
                return pieces
            pieces.append([plain(result, "text_output"), plain(result, "finish_reason")])

    told["pieces"] = stream(text, sampling, input_of("stream", [True], "BOOL"))
    told["by_parameters"] = stream(text, parameters={"max_tokens": 1, "temperature": 0.0})
    told["whole"] = stream(text, sampling, input_of("stream", [False], "BOOL"))
    told["refused"] = stream(text, parameters={"max_tokens": 0})
    client.stop_stream()

print(json.dumps(told))
