// A thread of a model host: holds one model instance and answers frames on its own socket.
import { createServer, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { parentPort, workerData } from "node:worker_threads";
import { type HostSession, openSession } from "../backends/sessions.ts";
import { answerBody } from "./answer-body.ts";
import type { LoadTask } from "./messages.ts";
import { SpillFile } from "./spill-file.ts";
import { encodeFrame, type Frame, FrameReader } from "./frame.ts";

async function runFrame(session: HostSession, frame: Frame): Promise<Frame> {
  const started = performance.now();
  try {
    if (frame.note !== undefined) return await answerBody(frame, (inputs) => session.run(inputs));
    const tensors = await session.run(frame.tensors);
    return { tensors, milliseconds: performance.now() - started };
  } catch (error) {
    return { tensors: {}, error: (error as Error).message };
  }
}

/** Frames are answered one after the other: the owner sends the next when it has the answer. */
function serve(session: HostSession, socket: Socket): void {
  const { spill } = workerData as LoadTask;
  const requests = new SpillFile(`${spill}.requests`, "r+");
  const answers = new SpillFile(`${spill}.answers`, "r+");
  let last: Promise<void> = Promise.resolve();
  const reader = new FrameReader(requests, (frame) => {
    last = runFrame(session, frame).then((answer) => void socket.write(encodeFrame(answer, answers)));
  });
  socket.on("data", (chunk) => reader.push(chunk as Buffer));
  socket.on("error", () => socket.destroy());
  const end = async (): Promise<void> => {
    await last;
    await session.release();
    requests.close();
    answers.close();
    parentPort!.close();
  };
  socket.on("close", () => void end());
}

async function start(): Promise<void> {
  const task = workerData as LoadTask;
  try {
    const session = await openSession(task);
    const server = createServer((socket) => {
      server.close();
      serve(session, socket);
    });
    server.listen(task.address, () => parentPort!.postMessage(null));
  } catch (error) {
    const { message, hint } = error as { message: string; hint?: string };
    parentPort!.postMessage(hint ? `${message} ${hint}` : message);
    parentPort!.close();
  }
}

void start();
