import { spawn } from "node:child_process";
import { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { servingErrors } from "../../errors.ts";
import { OwnChild } from "../../processes/own-child.ts";
import type { Interpreter } from "./find-python.ts";
import { PythonLine, type PythonMessage } from "./python-line.ts";

const mainFile = fileURLToPath(new URL("worker/main.py", import.meta.url));
/** Milliseconds that it has to end by itself. */
const END_LIMIT = 2000;
/** What no process can be started for, whatever it is. */
const exhausted = ["EMFILE", "ENFILE", "EAGAIN", "ENOMEM"];

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
export class PythonProcess extends OwnChild {
  /** Undefined where it could not be started. */
  readonly #line: PythonLine | undefined;
  readonly #messages: PythonMessage[] = [];
  readonly #started: { model: string; program: string };
  #waiting: { resolve(message: PythonMessage): void; reject(error: Error): void } | undefined;

  constructor({ program, env, model, root, arrays, log }: PythonProcessOptions) {
    const child = spawn(program, ["-B", mainFile], { cwd: root, env, stdio: ["ignore", "pipe", "pipe", "pipe"] });
    super({ child, called: "its Python process", log });
    this.#started = { model, program };
    const socket = (child.stdio as readonly unknown[] | undefined)?.[3];
    if (socket instanceof Duplex) this.#line = new PythonLine(socket, arrays, (message) => this.#onMessage(message));
  }

  get processId(): number | undefined {
    return this.child.pid;
  }

  send(message: PythonMessage): void {
    if (this.alive) this.#line?.send(message);
  }

  /** The next message. @throws HostLost, SERVING_PYTHON_NOT_FOUND */
  receive(): Promise<PythonMessage> {
    const message = this.#messages.shift();
    if (message) return Promise.resolve(message);
    if (this.lost) return Promise.reject(this.lost);
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  /** Sends a message and gives the answer. @throws HostLost, SERVING_PYTHON_NOT_FOUND */
  ask(message: PythonMessage): Promise<PythonMessage> {
    this.send(message);
    return this.receive();
  }

  /** Asks it to give up what it works on, which Python code does at once, and a C library when it comes back. */
  interrupt(): void {
    if (process.platform !== "win32") this.child.kill("SIGUSR1");
  }

  /** Lets it end by itself, and ends it where it takes too long. Fulfilled when it is gone. */
  async end(): Promise<void> {
    this.send({ type: "close" });
    this.#line?.close();
    const limit = setTimeout(() => this.kill("it is not needed any more", "ended"), END_LIMIT);
    await this.gone;
    clearTimeout(limit);
  }

  protected override onLost(lost: Error): void {
    this.#waiting?.reject(lost);
    this.#waiting = undefined;
  }

  protected override unstartable(error: Error): Error {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (exhausted.includes(code)) return super.unstartable(error);
    const reason = code === "ENOENT" ? "there is no such program" : error.message;
    return servingErrors.SERVING_PYTHON_NOT_FOUND({ ...this.#started, reason });
  }

  #onMessage(message: PythonMessage): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting.resolve(message);
    else this.#messages.push(message);
  }
}
