// A thread of a throw-away host: tries or measures one model file, and says what it found.
import { parentPort, workerData } from "node:worker_threads";
import { inspectFile } from "../backends/hosted/inspect-file.ts";
import { problemFrom } from "./host-problem.ts";
import type { TrialReply, TrialTask } from "./messages.ts";

async function work(task: TrialTask): Promise<unknown> {
  if (task.type === "inspect") return inspectFile(task.request);
  return (await import("../backends/onnx/examine.ts")).examineOnnx(task.request);
}

async function start(): Promise<void> {
  let reply: TrialReply;
  try {
    reply = { value: await work(workerData as TrialTask) };
  } catch (error) {
    reply = problemFrom(error);
  }
  parentPort!.postMessage(reply);
}

void start();
