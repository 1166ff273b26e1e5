// A thread that runs a session: what one writes by hand to keep the event loop free.
import { parentPort, workerData } from "node:worker_threads";
import { InferenceSession, Tensor } from "onnxruntime-node";

const session = await InferenceSession.create(workerData as string, { intraOpNumThreads: 1 });
parentPort!.on("message", async ({ data, size }: { data: Float32Array; size: number }) => {
  const { y } = await session.run({ x: new Tensor("float32", data, [size, size]) });
  parentPort!.postMessage(y!.data);
});
parentPort!.postMessage("ready");
