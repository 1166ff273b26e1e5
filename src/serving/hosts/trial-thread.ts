import { Worker } from "node:worker_threads";
import { errorFrom } from "./host-problem.ts";
import type { TrialReply, TrialTask } from "./messages.ts";
import { siblingModule } from "../processes/sibling-module.ts";

/**
 * Tries a model file in a thread: native code lets nothing else run on its own, and this process has to tell its memory and
 * to end with its owner meanwhile.
 */
export function tryApart({ type, request }: TrialTask): Promise<unknown> {
  const worker = new Worker(siblingModule(import.meta.url, "trial-worker"), { workerData: { type, request } });
  return new Promise((resolve, reject) => {
    worker.once("message", (reply: TrialReply) => {
      if ("problem" in reply) reject(errorFrom(reply));
      else resolve(reply.value);
    });
    worker.once("error", (error) => {
      console.error(error);
      process.exit(1);
    });
    worker.once("exit", () => reject(new Error("The thread that tried it ended by itself.")));
  });
}
