// The main thread of a model host: has a worker thread for each model instance, and ends when its owner has gone.
import { rmSync, writeFileSync } from "node:fs";
import { problemFrom } from "./host-problem.ts";
import { openLine } from "./host-thread.ts";
import type { HostReply, HostRequest } from "./messages.ts";
import { tryApart } from "./trial-thread.ts";

/** Milliseconds between two looks at the memory, and the bytes by which it has to have changed to be told. */
const LOOK_EVERY = 100;
const WORTH_TELLING = 2 ** 20;

async function answer(request: HostRequest): Promise<unknown> {
  return request.type === "load" ? openLine(request.task) : tryApart(request);
}

async function onMessage(request: HostRequest): Promise<void> {
  let reply: HostReply;
  try {
    reply = { id: request.id, value: await answer(request) };
  } catch (error) {
    reply = { id: request.id, ...problemFrom(error) };
  }
  tellMemory();
  if (process.connected) process.send!(reply);
}

/** When memory runs out, the kernel should end a host rather than the web process. */
function volunteerForOutOfMemory(): void {
  try {
    writeFileSync("/proc/self/oom_score_adj", "500");
  } catch {
    // Only Linux has it.
  }
}

/** A thread that runs a model cannot be asked to stop, so the process is killed. */
function endWithOwner(): void {
  rmSync(process.argv[2]!, { recursive: true, force: true });
  process.kill(process.pid, "SIGKILL");
}

let told = 0;

function tellMemory(): void {
  const memory = process.memoryUsage.rss();
  if (Math.abs(memory - told) < WORTH_TELLING || !process.connected) return;
  told = memory;
  process.send!({ memory } satisfies HostReply);
}

volunteerForOutOfMemory();
setInterval(tellMemory, LOOK_EVERY);
process.on("message", (request: HostRequest) => void onMessage(request));
process.on("disconnect", endWithOwner);
// What is said to an owner that has just gone.
process.on("error", endWithOwner);
// Terminals and service managers signal the whole group; the owner finishes what is in flight and then ends the host.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
process.send!({ id: 0, value: "started" });
