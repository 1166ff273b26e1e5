"""Asks a server over HTTP with Triton's own client for Python, and prints what it answered as JSON."""
import asyncio
import json
import sys

import numpy as np
import tritonclient.http as http
import tritonclient.http.aio as aio
from tritonclient.utils import InferenceServerException

address = sys.argv[1]
client = http.InferenceServerClient(address, concurrency=4)
query = {"test_1": 1, "test_2": 2}
told = {}


def input_of(name, array, datatype, **options):
    given = http.InferInput(name, list(array.shape), datatype)
    given.set_data_from_numpy(array, **options)
    return given


def plain(array):
    return [x.decode() if isinstance(x, bytes) else x for x in array.flatten().tolist()]


def refusal(ask):
    try:
        ask()
    except InferenceServerException as error:
        return [error.status(), error.message()]
    return None


told["live"] = client.is_server_live(query_params=query)
told["ready"] = client.is_server_ready()
told["model_ready"] = [client.is_model_ready("simple"), client.is_model_ready("simple", "1"), client.is_model_ready("nope")]
told["name"] = client.get_server_metadata()["name"]
metadata = client.get_model_metadata("simple", query_params=query)
told["metadata"] = [metadata["name"], metadata["versions"], [x["shape"] for x in metadata["inputs"]]]
told["unknown"] = refusal(lambda: client.get_model_metadata("wrong_model_name"))
told["config"] = client.get_model_config("simple")["input"][0]["data_type"]

first = np.arange(16, dtype=np.int32).reshape(1, 16)
second = np.full((1, 16), -1, dtype=np.int32)
pair = [input_of("INPUT0", first, "INT32", binary_data=False), input_of("INPUT1", second, "INT32", binary_data=True)]
wanted = [http.InferRequestedOutput("OUTPUT0", binary_data=True), http.InferRequestedOutput("OUTPUT1", binary_data=False)]
result = client.infer("simple", pair, outputs=wanted, request_id="7", query_params=query)
told["sum"], told["difference"] = plain(result.as_numpy("OUTPUT0")), plain(result.as_numpy("OUTPUT1"))
told["id"] = result.get_response()["id"]
told["no_outputs"] = [plain(client.infer("simple", pair).as_numpy(name)) for name in ("OUTPUT0", "OUTPUT1")]
told["packed"] = {
    algorithm: plain(
        client.infer(
            "simple",
            pair,
            outputs=wanted,
            request_compression_algorithm=algorithm,
            response_compression_algorithm=algorithm,
        ).as_numpy("OUTPUT1")
    )
    for algorithm in ("gzip", "deflate")
}
told["infer_unknown"] = refusal(lambda: client.infer("wrong_model_name", pair))
told["misfit"] = refusal(lambda: client.infer("simple", pair[:1]))
told["reused"] = [plain(client.infer("simple", pair, outputs=wanted).as_numpy("OUTPUT0")) for _ in range(3)]
told["async"] = [
    int(request.get_result().as_numpy("OUTPUT0")[0][0])
    for request in [
        client.async_infer("simple", [input_of("INPUT0", first + i, "INT32"), input_of("INPUT1", second, "INT32")])
        for i in range(20)
    ]
]

texts = np.array([[str(i).encode() for i in range(16)]], dtype=np.object_)
ones = np.array([["1"] * 16], dtype=np.object_)
strings = [input_of("INPUT0", texts, "BYTES", binary_data=True), input_of("INPUT1", ones, "BYTES", binary_data=False)]
told["texts"] = [plain(client.infer("simple_string", strings, outputs=wanted).as_numpy(name)) for name in ("OUTPUT0", "OUTPUT1")]
words = np.array([["", "ü", "a b"]], dtype=np.object_)
told["words"] = plain(client.infer("simple_identity", [input_of("INPUT0", words, "BYTES")]).as_numpy("OUTPUT0"))

echoes = {
    "float": np.array([[0.1, np.nan, np.inf, -np.inf]], np.float32),
    "double": np.array([[0.1, 1e300]], np.float64),
    "float16": np.array([[0.5, 65504]], np.float16),
    "uint8": np.array([[0, 255]], np.uint8),
    "int64": np.array([[2**53 + 1, -(2**63)]], np.int64),
    "bool": np.array([[True, False]], np.bool_),
}
names = {"float": "FP32", "double": "FP64", "float16": "FP16", "uint8": "UINT8", "int64": "INT64", "bool": "BOOL"}
told["echo"] = {}
for kind, array in echoes.items():
    answers = [client.infer(f"echo_{kind}", [input_of("INPUT0", array, names[kind])]).as_numpy("OUTPUT0")]
    if kind not in ("float16", "float"):
        plain_input = [input_of("INPUT0", array, names[kind], binary_data=False)]
        plain_output = [http.InferRequestedOutput("OUTPUT0", binary_data=False)]
        answers.append(client.infer(f"echo_{kind}", plain_input, outputs=plain_output).as_numpy("OUTPUT0"))
    told["echo"][kind] = all(answer.dtype == array.dtype and np.array_equal(answer, array, equal_nan=array.dtype.kind == "f") for answer in answers)

large = np.random.rand(1, 300_000).astype(np.float32)
for binary in (True, False):
    answer = client.infer("echo_float", [input_of("INPUT0", large, "FP32", binary_data=binary)]).as_numpy("OUTPUT0")
    told["large_binary" if binary else "large_json"] = bool(np.array_equal(answer, large))

classes = [http.InferRequestedOutput("OUTPUT0", binary_data=binary, class_count=2) for binary in (True,)]
told["classes"] = plain(client.infer("simple", pair, outputs=classes).as_numpy("OUTPUT0"))

told["sequence"] = []
for identifier in (1000, "text-id"):
    sums = []
    values = [11, 7, 5]
    for i, value in enumerate(values):
        step = [input_of("INPUT", np.full((1, 1), value, np.int32), "INT32")]
        answer = client.infer(
            "simple_sequence", step, sequence_id=identifier, sequence_start=i == 0, sequence_end=i == len(values) - 1
        )
        sums.append(int(answer.as_numpy("OUTPUT")[0][0]))
    told["sequence"].append(sums)
told["priority"] = plain(client.infer("simple", pair, priority=1, timeout=5_000_000, parameters={"mine": "x"}).as_numpy("OUTPUT1"))[:2]

statistics = client.get_inference_statistics("simple")["model_stats"]
told["statistics"] = [len(statistics), statistics[0]["inference_stats"]["success"]["count"] > 20, statistics[0]["inference_stats"]["fail"]["count"]]
told["all_statistics"] = len(client.get_inference_statistics()["model_stats"]) > 3
told["index"] = sorted({x["name"] for x in client.get_model_repository_index() if x["name"].startswith("simple")})
client.unload_model("simple_identity")
told["unloaded"] = client.is_model_ready("simple_identity")
client.load_model("simple_identity")
told["loaded"] = client.is_model_ready("simple_identity")
told["load_error"] = refusal(lambda: client.load_model("wrong_model_name"))
told["config_error"] = refusal(lambda: client.load_model("simple", config='{"max_batch_size": "16"}'))
told["file_error"] = refusal(lambda: client.load_model("simple", config="{}", files={"file:1/model.onnx": b"x"}))
told["log"] = client.get_log_settings()["log_info"]
told["log_file"] = refusal(lambda: client.update_log_settings({"log_file": "/tmp/x"}))
told["trace"] = client.get_trace_settings("simple")["trace_level"]

body, head_length = http.InferenceServerClient.generate_request_body(pair, outputs=wanted)
told["offline"] = [isinstance(body, bytes), head_length]


async def in_the_event_loop():
    async with aio.InferenceServerClient(address) as other:
        results = await asyncio.gather(*[other.infer("simple", pair, outputs=wanted) for _ in range(10)])
        return [int(each.as_numpy("OUTPUT0")[0][1]) for each in results]


told["aio"] = asyncio.run(in_the_event_loop())
print(json.dumps(told))
