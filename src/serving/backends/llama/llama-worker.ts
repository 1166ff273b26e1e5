// The main module of a process that holds one GGUF model, and ends when its owner has gone.
import { writeFileSync } from "node:fs";
import { asProblem } from "../isolated/item-frame.ts";
import type { LlamaReply, LlamaRequest } from "./llama-messages.ts";
import { type LoadedModel, openLlama } from "./llama-model.ts";
import type { LlamaQuestion } from "./llama-question.ts";
import type { LlamaSettings } from "./llama-options.ts";

let model: LoadedModel | undefined;
/** The questions that are being answered. */
const asked = new Map<number, AbortController>();

function say(reply: LlamaReply): void {
  if (process.connected) process.send!(reply);
}

async function load(settings: LlamaSettings): Promise<void> {
  try {
    model = await openLlama(settings);
    say({ type: "ready", id: 0, loaded: { embeds: model.embeds } });
  } catch (error) {
    say({ type: "failed", id: 0, problem: asProblem(error) });
  }
}

async function answer(id: number, question: LlamaQuestion): Promise<void> {
  const controller = new AbortController();
  asked.set(id, controller);
  try {
    const pieces = model!.answer(question, controller.signal);
    let piece = await pieces.next();
    for (; !piece.done; piece = await pieces.next()) say({ type: "piece", id, piece: piece.value });
    say({ type: "done", id, answer: piece.value });
  } catch (error) {
    if (!controller.signal.aborted && !(error instanceof Error && "code" in error)) console.error(error);
    say({ type: "failed", id, problem: asProblem(error) });
  } finally {
    asked.delete(id);
  }
}

/** When memory runs out, the kernel should end this process rather than the web process. */
function volunteerForOutOfMemory(): void {
  try {
    writeFileSync("/proc/self/oom_score_adj", "500");
  } catch {
    // Only Linux has it.
  }
}

volunteerForOutOfMemory();
process.on("message", (request: LlamaRequest) => {
  if (request.type === "load") void load(request.settings);
  else if (request.type === "ask") void answer(request.id, request.question);
  else asked.get(request.id)?.abort();
});
// Native threads may still compute, so that an orderly end would wait for them.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.on("error", () => process.kill(process.pid, "SIGKILL"));
// Terminals and service managers signal the whole group; the owner finishes what is in flight and then ends this process.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
