// A thread of a model host: holds one model instance and answers frames on a socket for each line to it.
import { createServer, type Socket } from "node:net";
import { dirname } from "node:path";
import { performance } from "node:perf_hooks";
import { parentPort, workerData } from "node:worker_threads";
import { type HostedFile, type HostSession, openSession } from "../backends/sessions.ts";
import { FrameReader } from "../processes/frame-reader.ts";
import { answerBodies } from "./answer-bodies.ts";
import { problemFrom } from "./host-problem.ts";
import type { HostLine, ThreadReply, ThreadRequest } from "./messages.ts";
import { Lanes } from "./lanes.ts";
import { decodeFrame, encodeFrame, type Frame } from "./frame.ts";
import { isFull, toldRoom } from "./no-room.ts";

/** Milliseconds in which whoever asked for a line has to connect to it. */
const PATIENCE = 10_000;

async function runFrame(session: HostSession, frame: Frame): Promise<Frame> {
  const { lane } = frame;
  const started = performance.now();
  try {
    if (frame.note !== undefined) return { lane, ...(await answerBodies(frame, (inputs) => session.run(inputs))) };
    const tensors = await session.run(frame.tensors);
    return { tensors, lane, milliseconds: performance.now() - started };
  } catch (error) {
    return { tensors: {}, lane, error: (error as Error).message };
  }
}

/** How many lines there are, opened or about to be. */
let lines = 0;

/** Frames of a line are answered one after the other, in the order in which they came. */
function serve(session: HostSession, socket: Socket, spill: string): void {
  const lanes = new Lanes(spill, "r+");
  let running: Promise<void> = Promise.resolve();
  const answer = async (frame: Buffer): Promise<void> => {
    const answered = await runFrame(session, decodeFrame(frame, lanes.requests));
    socket.write(encodeFrame(answered, lanes.answers));
  };
  const reader = new FrameReader((frame) => {
    running = running.then(() => answer(frame));
  });
  socket.on("data", (chunk) => reader.push(chunk as Buffer));
  socket.on("error", () => socket.destroy());
  const end = async (): Promise<void> => {
    await running;
    lanes.close();
    closeLine();
  };
  socket.on("close", () => void end());
}

function openLine(session: HostSession, { address, spill }: HostLine, opened: () => void): void {
  lines++;
  const server = createServer((socket) => {
    clearTimeout(patience);
    server.close();
    serve(session, socket, spill);
  });
  // Who asked for the line may have ended since.
  const patience = setTimeout(() => server.close(closeLine), PATIENCE);
  server.once("error", (error) => {
    // A folder that is gone comes back with a new host; one that is full fails this line alone.
    if (!isFull(error)) throw error;
    clearTimeout(patience);
    tellProblem(toldRoom(error, dirname(spill)));
    closeLine();
  });
  server.listen(address, opened);
}

function closeLine(): void {
  if (--lines === 0) tell("idle");
}

function tell(reply: ThreadReply): void {
  parentPort!.postMessage(reply);
}

function tellProblem(error: unknown): void {
  tell(problemFrom(error));
}

async function end(session: HostSession): Promise<void> {
  await session.release();
  parentPort!.close();
}

async function start(): Promise<void> {
  // What a handler's own code waits for while it is loaded need not keep a thread alive.
  parentPort!.ref();
  try {
    const session = await openSession(workerData as HostedFile);
    parentPort!.on("message", (request: ThreadRequest) => {
      if (request === "end") void end(session);
      else openLine(session, request, () => tell({ id: request.id }));
    });
  } catch (error) {
    tellProblem(error);
    parentPort!.close();
  }
}

void start();
