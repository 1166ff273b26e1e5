import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { registryErrors } from "../errors.ts";
import type { RunError } from "../models.ts";
import type { TrainerNews, TrainerReply, TrainerRequest, TrainingJob, TrainingOutcome } from "../trainers/training-job.ts";

/** How a trainer process ended. */
export type TrainerEnd =
  | { type: "succeeded"; outcome: TrainingOutcome }
  | { type: "cancelled" }
  | { type: "failed"; error: RunError };

/** Milliseconds that a trainer has to stop when it is cancelled, before it is killed. */
const cancelGrace = 2_000;
/** How much of what a trainer prints is kept, to explain its death. */
const keptOutput = 400;

const isSource = import.meta.url.endsWith(".ts");
const mainFile = fileURLToPath(new URL(`./trainer-process.${isSource ? "ts" : "js"}`, import.meta.url));

/** A trainer process at work on one job. Its news come to `onNews`; `ended` always is fulfilled, however it dies. */
export class TrainerChild {
  readonly ended: Promise<TrainerEnd>;
  readonly #child: ChildProcess;
  #end: TrainerEnd | undefined;
  #output = "";
  #cancelled = false;

  constructor(run: number, job: TrainingJob, onNews: (news: TrainerNews) => void) {
    this.#child = fork(mainFile, [], {
      execArgv: isSource ? ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning"] : [],
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#watchOutput(onNews);
    this.#child.on("message", (reply: TrainerReply) => {
      if (reply.type === "progress" || reply.type === "metric" || reply.type === "log") onNews(reply);
      else this.#end = reply;
    });
    this.ended = new Promise((resolve) => {
      const end = (how: string) => resolve(this.#end ?? this.#death(run, how));
      this.#child.once("error", (error) => end(error.message));
      this.#child.once("close", (code, signal) => end(signal ?? `exit code ${code}`));
    });
    this.#tell({ type: "start", job });
  }

  /** Asks it to stop; what does not listen is killed. */
  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#tell({ type: "cancel" });
    setTimeout(() => this.kill(), cancelGrace).unref();
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #tell(request: TrainerRequest): void {
    if (this.#child.connected) this.#child.send(request, () => {});
  }

  /** What a trainer prints is its log. */
  #watchOutput(onNews: (news: TrainerNews) => void): void {
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.#output = (this.#output + text).slice(-keptOutput);
        onNews({ type: "log", text: text.trimEnd() });
      });
    }
  }

  #death(run: number, how: string): TrainerEnd {
    if (this.#cancelled) return { type: "cancelled" };
    const { code, message, hint } = registryErrors.REGISTRY_TRAINER_DIED({ run, how, output: this.#output.trim() });
    return { type: "failed", error: { code, message, hint } };
  }
}
