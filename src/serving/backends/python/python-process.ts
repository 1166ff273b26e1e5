import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex, Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { servingErrors } from "../../errors.ts";
import { HostLost, type LossCause } from "../../processes/host-lost.ts";
import type { OwnProcess } from "../../processes/own-process.ts";
import { residentBytes } from "../../processes/resident-bytes.ts";
import type { Interpreter } from "./find-python.ts";
import { PythonLine, type PythonMessage } from "./python-line.ts";

const mainFile = fileURLToPath(new URL("worker/main.py", import.meta.url));
/** How much of what it printed is kept, to explain its death. */
const LAST_WORDS = 400;
/** The longest line that goes to the log as one. */
const LONGEST_LINE = 8192;
/** Milliseconds that its last words may take to arrive. */
const WORDS_LIMIT = 200;
/** Milliseconds that it has to end by itself. */
const END_LIMIT = 2000;
/** What could deceive who reads the log on a terminal. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0b-\x1f\x7f]/g;

export interface PythonProcessOptions extends Interpreter {
  /** The model that it is for, in messages. */
  model: string;
  /** Its working directory: the project's folder. */
  root: string;
  /** What becomes of arrays in answers. */
  arrays: "nested" | "tensors";
  /** Takes a line that it printed. */
  log(line: string): void;
}

/** A Python process, and the line to it. It is asked one thing at a time. */
export class PythonProcess implements OwnProcess {
  /** Settles when it is gone. */
  readonly gone: Promise<void>;
  readonly #child: ChildProcess;
  readonly #line: PythonLine;
  readonly #messages: PythonMessage[] = [];
  #waiting: { resolve(message: PythonMessage): void; reject(error: Error): void } | undefined;
  #lost: Error | undefined;
  #killedFor: { reason: string; kind: LossCause } | undefined;
  #lastWords = "";

  constructor({ program, env, model, root, arrays, log }: PythonProcessOptions) {
    this.#child = spawn(program, ["-B", mainFile], { cwd: root, env, stdio: ["ignore", "pipe", "pipe", "pipe"] });
    this.#line = new PythonLine(this.#child.stdio[3] as Duplex, arrays, (message) => this.#onMessage(message));
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) this.#watchOutput(stream, log);
    this.gone = new Promise((resolve) => {
      this.#child.once("error", (error) =>
        resolve(this.#end(servingErrors.SERVING_PYTHON_NOT_FOUND(notFound(model, program, error)))),
      );
      this.#child.once("exit", (code, signal) => void this.#onExit(signal ?? `exit code ${code}`).then(resolve));
    });
  }

  get alive(): boolean {
    return this.#lost === undefined;
  }

  /** Why it ended, when it has. */
  get lost(): Error | undefined {
    return this.#lost;
  }

  get processId(): number | undefined {
    return this.#child.pid;
  }

  /** Bytes of memory that it occupies, where the system tells. */
  get memory(): number | undefined {
    return residentBytes(this.#child.pid);
  }

  send(message: PythonMessage): void {
    if (this.alive) this.#line.send(message);
  }

  /** The next message. @throws HostLost, SERVING_PYTHON_NOT_FOUND */
  receive(): Promise<PythonMessage> {
    const message = this.#messages.shift();
    if (message) return Promise.resolve(message);
    if (this.#lost) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  /** Sends a message and gives the answer. @throws HostLost, SERVING_PYTHON_NOT_FOUND */
  ask(message: PythonMessage): Promise<PythonMessage> {
    this.send(message);
    return this.receive();
  }

  /** Asks it to give up what it works on, which Python code does at once, and a C library when it comes back. */
  interrupt(): void {
    if (process.platform !== "win32") this.#child.kill("SIGUSR1");
  }

  /** Lets it end by itself, and ends it where it takes too long. Fulfilled when it is gone. */
  async end(): Promise<void> {
    this.send({ type: "close" });
    this.#line.close();
    const limit = setTimeout(() => this.kill("it is not needed any more", "ended"), END_LIMIT);
    await this.gone;
    clearTimeout(limit);
  }

  /** Ends it at once. What waits on it is rejected with `HostLost`. */
  kill(reason: string, kind: LossCause): void {
    this.#killedFor ??= { reason, kind };
    this.#child.kill("SIGKILL");
  }

  #onMessage(message: PythonMessage): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting.resolve(message);
    else this.#messages.push(message);
  }

  #watchOutput(stream: Readable, log: (line: string) => void): void {
    let rest = "";
    const tell = (line: string) => line.trim() !== "" && log(line);
    stream.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
      const lines = (rest + text).split("\n");
      rest = lines.pop()!.slice(-LONGEST_LINE);
      for (const line of lines) tell(line.slice(0, LONGEST_LINE).replaceAll(CONTROL, ""));
    });
    stream.on("end", () => tell(rest));
  }

  /** What it printed last may still be on its way. */
  async #onExit(how: string): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#child.once("close", resolve);
      setTimeout(resolve, WORDS_LIMIT).unref();
    });
    const { reason, kind } = this.#killedFor ?? { reason: how, kind: "crashed" };
    const words = kind === "crashed" ? this.#lastWords.trim().split("\n").at(-1)!.replace(/\.$/, "") : "";
    this.#end(new HostLost(`its Python process ended (${reason})${words ? `; its last words: ${words}` : ""}`, kind));
  }

  #end(lost: Error): void {
    this.#lost ??= lost;
    this.#waiting?.reject(this.#lost);
    this.#waiting = undefined;
  }
}

function notFound(model: string, program: string, error: Error) {
  const { code } = error as NodeJS.ErrnoException;
  return { model, program, reason: code === "ENOENT" ? "there is no such program" : error.message };
}
