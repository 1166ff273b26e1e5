// A thread of a model host: holds one model instance and answers frames on its own socket.
import { createServer, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { parentPort, workerData } from "node:worker_threads";
import { openOnnxSession, type OnnxSession } from "../backends/onnx/session.ts";
import { encodeFrame, type Frame, FrameReader } from "./frame.ts";

async function runFrame(session: OnnxSession, frame: Frame): Promise<Frame> {
  const started = performance.now();
  try {
    const tensors = await session.run(frame.tensors);
    return { tensors, milliseconds: performance.now() - started };
  } catch (error) {
    return { tensors: {}, error: (error as Error).message };
  }
}

function writeFrame(socket: Socket, frame: Frame): void {
  socket.cork();
  for (const piece of encodeFrame(frame)) socket.write(piece);
  socket.uncork();
}

/** Frames are answered one after the other, in their order. */
function serve(session: OnnxSession, socket: Socket): void {
  let last: Promise<void> = Promise.resolve();
  const reader = new FrameReader((frame) => {
    last = last.then(async () => writeFrame(socket, await runFrame(session, frame)));
  });
  socket.on("data", (chunk) => reader.push(chunk as Buffer));
  socket.on("error", () => socket.destroy());
  socket.on("close", () => void last.then(() => session.release()).then(() => parentPort!.close()));
}

async function start(): Promise<void> {
  const { file, address } = workerData as { file: string; address: string };
  try {
    const session = await openOnnxSession(file);
    const server = createServer((socket) => {
      server.close();
      serve(session, socket);
    });
    server.listen(address, () => parentPort!.postMessage(null));
  } catch (error) {
    parentPort!.postMessage((error as Error).message);
    parentPort!.close();
  }
}

void start();
