"""Asks a server over gRPC with Triton's own client for Python, and prints what it answered as JSON."""
import json
import queue
import sys

import numpy as np
import tritonclient.grpc as grpc
from tritonclient.utils import InferenceServerException

address = sys.argv[1]
client = grpc.InferenceServerClient(address)
told = {}


def input_of(name, array, datatype):
    given = grpc.InferInput(name, list(array.shape), datatype)
    given.set_data_from_numpy(array)
    return given


def plain(array):
    return [x.decode() if isinstance(x, bytes) else x for x in array.flatten().tolist()]


def refusal(ask):
    try:
        ask()
    except InferenceServerException as error:
        return [error.status(), error.message()]
    return None


told["live"] = client.is_server_live()
told["ready"] = client.is_server_ready()
told["model_ready"] = client.is_model_ready("simple")
told["name"] = client.get_server_metadata().name
metadata = client.get_model_metadata("simple")
told["metadata"] = [metadata.platform, list(metadata.versions), [list(x.shape) for x in metadata.inputs]]
config = client.get_model_config("simple").config
told["config"] = [config.name, config.max_batch_size > 0, list(config.input[0].dims), config.input[0].data_type]
told["config_json"] = client.get_model_config("simple", as_json=True)["config"]["input"][0]["data_type"]

zero = np.arange(16, dtype=np.int32).reshape(1, 16)
one = np.ones((1, 16), dtype=np.int32)
simple = [input_of("INPUT0", zero, "INT32"), input_of("INPUT1", one, "INT32")]
answer = client.infer("simple", simple, request_id="7")
told["sum"] = plain(answer.as_numpy("OUTPUT0"))
told["difference"] = plain(answer.as_numpy("OUTPUT1"))
told["id"] = answer.get_response().id
only = [grpc.InferRequestedOutput("OUTPUT1")]
answer = client.infer("simple", simple, outputs=only, priority=1, timeout=20_000_000, compression_algorithm="gzip")
told["only"] = [answer.as_numpy("OUTPUT0") is None, plain(answer.as_numpy("OUTPUT1"))]
best = [grpc.InferRequestedOutput("OUTPUT0", class_count=2)]
told["classes"] = plain(client.infer("simple", simple, outputs=best).as_numpy("OUTPUT0"))
words = np.array([["1", "2"] * 8], dtype=object)
texts = [input_of("INPUT0", words, "BYTES"), input_of("INPUT1", words, "BYTES")]
told["texts"] = plain(client.infer("simple_string", texts).as_numpy("OUTPUT0"))[:2]

told["echo"] = {}
for kind, datatype, dtype in [
    ("float", "FP32", np.float32),
    ("double", "FP64", np.float64),
    ("float16", "FP16", np.float16),
    ("uint8", "UINT8", np.uint8),
    ("int32", "INT32", np.int32),
    ("int64", "INT64", np.int64),
    ("bool", "BOOL", np.bool_),
]:
    array = np.array([[1, 0, 1]]).astype(dtype)
    if kind == "int64":
        array[0][0] = 2**62 + 1
    back = client.infer("echo_" + kind, [input_of("INPUT0", array, datatype)]).as_numpy("OUTPUT0")
    told["echo"][kind] = bool(back.dtype == dtype and np.array_equal(back, array))

answers = queue.Queue()
for i in range(20):
    given = [input_of("INPUT0", zero + i, "INT32"), input_of("INPUT1", one, "INT32")]
    client.async_infer("simple", given, callback=lambda result, error: answers.put((result, error)), request_id=str(i))
firsts = {}
for _ in range(20):
    result, error = answers.get(timeout=20)
    firsts[result.get_response().id] = int(result.as_numpy("OUTPUT0")[0][0])
told["async"] = [firsts[str(i)] for i in range(20)]

answers = queue.Queue()
client.start_stream(callback=lambda result, error: answers.put((result, error)))
for i in range(5):
    step = [input_of("INPUT", np.array([[i]], dtype=np.int32), "INT32")]
    client.async_stream_infer("simple_sequence", step, sequence_id=42, sequence_start=i == 0, sequence_end=i == 4)
told["sequence"] = [int(answers.get(timeout=20)[0].as_numpy("OUTPUT")[0][0]) for _ in range(5)]
client.async_stream_infer("nope", step)
told["stream_error"] = answers.get(timeout=20)[1].message()
text = [input_of("text", np.array(["tea"], dtype=object), "BYTES")]
client.async_stream_infer("story", text, request_id="s", enable_empty_final_response=True)
told["pieces"] = []
while True:
    result, error = answers.get(timeout=20)
    response = result.get_response()
    if response.parameters["triton_final_response"].bool_param:
        break
    told["pieces"].append(plain(result.as_numpy("text_output"))[0])
client.stop_stream()

told["unknown"] = refusal(lambda: client.infer("nope", simple))
told["misfit"] = refusal(lambda: client.infer("simple", [input_of("INPUT0", one[:, :2], "INT32"), simple[1]]))
statistics = client.get_inference_statistics("simple").model_stats[0]
told["statistics"] = [statistics.inference_count >= 23, statistics.inference_stats.success.ns > 0]
index = client.get_model_repository_index().models
told["index"] = sorted(model.name for model in index if model.name.startswith("simple"))
client.unload_model("simple")
told["unloaded"] = client.is_model_ready("simple")
client.load_model("simple")
told["loaded"] = client.is_model_ready("simple")
told["load_error"] = refusal(lambda: client.load_model("nope"))
told["log"] = client.get_log_settings(as_json=True)["settings"]["log_info"]
told["trace"] = client.get_trace_settings(as_json=True)["settings"]["trace_level"]["value"]
told["shared_memory"] = refusal(lambda: client.register_system_shared_memory("a", "b", 8))[0]
client.close()
print(json.dumps(told))
