import type { ChildProcess } from "node:child_process";
import { Readable } from "node:stream";
import { HostLost, type LossCause } from "./host-lost.ts";
import type { OwnProcess } from "./own-process.ts";
import { PrintedLines } from "./printed-lines.ts";
import { residentBytes } from "./resident-bytes.ts";

/** How much of its last words explains a death. */
const LAST_WORDS = 400;
/** Milliseconds that they may take to arrive. */
const WORDS_LIMIT = 200;

export interface OwnChildOptions {
  /** Started with pipes for what it prints. */
  child: ChildProcess;
  /** What it is, in messages: `"its Python process"`. */
  called: string;
  /** Takes a line that it printed. */
  log(line: string): void;
}

/** A child process for one copy of a model, whose lines are told while it lives, and the last of them when it dies. */
export abstract class OwnChild implements OwnProcess {
  readonly gone: Promise<void>;
  protected readonly child: ChildProcess;
  readonly #called: string;
  readonly #printed: PrintedLines;
  #lost: Error | undefined;
  #killedFor: { reason: string; kind: LossCause } | undefined;

  constructor({ child, called, log }: OwnChildOptions) {
    this.child = child;
    this.#called = called;
    // Where no files may be opened any more, there are no pipes, and the error is still to come.
    this.#printed = new PrintedLines(
      [child.stdout, child.stderr].filter((output) => output instanceof Readable),
      log,
    );
    this.gone = new Promise((resolve) => {
      child.once("exit", (code, signal) => void this.#onExit(signal ?? `exit code ${code}`).then(resolve));
      child.on("error", (error) => {
        // A process that could not be started never ends.
        if (child.pid === undefined) resolve(this.#lose(this.unstartable(error)));
        else child.kill("SIGKILL");
      });
    });
  }

  get alive(): boolean {
    return this.#lost === undefined;
  }

  get lost(): Error | undefined {
    return this.#lost;
  }

  get memory(): number | undefined {
    return residentBytes(this.child.pid);
  }

  kill(reason: string, kind: LossCause): void {
    this.#killedFor ??= { reason, kind };
    this.child.kill("SIGKILL");
  }

  /** Rejects what waits on it. */
  protected abstract onLost(lost: Error): void;

  /** What is told where it cannot be started. */
  protected unstartable(error: Error): Error {
    return new HostLost(`${this.#called} could not be started (${error.message})`, "crashed");
  }

  /** What it printed last may still be on its way. */
  async #onExit(how: string): Promise<void> {
    await new Promise<void>((resolve) => {
      this.child.once("close", resolve);
      setTimeout(resolve, WORDS_LIMIT).unref();
    });
    const { reason, kind } = this.#killedFor ?? { reason: how, kind: how === "SIGKILL" ? "killed" : "crashed" };
    const words = kind === "crashed" || kind === "killed" ? this.#printed.last.slice(-LAST_WORDS).trim().replace(/\.$/, "") : "";
    this.#lose(new HostLost(`${this.#called} ended (${reason})${words ? `; its last words: ${words}` : ""}`, kind));
  }

  #lose(lost: Error): void {
    this.#lost = lost;
    this.onLost(lost);
  }
}
