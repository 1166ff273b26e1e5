import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** What a subject's process answers. */
interface Answer {
  readonly value?: number;
  readonly error?: string;
}

/** A subject in a process of its own. */
export class SubjectProcess {
  readonly name: string;
  readonly #child: ChildProcess;

  private constructor(name: string, child: ChildProcess) {
    this.name = name;
    this.#child = child;
  }

  /** Opens and calibrates a subject. */
  static async open(suite: string, caseName: string, name: string): Promise<SubjectProcess> {
    const child = fork(join(import.meta.dirname, "measured-subject.ts"), [suite, caseName, name]);
    const opened = new SubjectProcess(name, child);
    await opened.#answer();
    return opened;
  }

  /** The figure of one window. */
  async window(): Promise<number> {
    this.#child.send("window");
    return (await this.#answer()).value!;
  }

  async close(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.send("close");
    await ended;
  }

  async #answer(): Promise<Answer> {
    const ended = once(this.#child, "exit").then(() => [{ error: "its process ended" }]);
    const [answer] = (await Promise.race([once(this.#child, "message"), ended])) as [Answer];
    if (answer.error === undefined) return answer;
    this.#child.kill();
    throw new Error(answer.error);
  }
}
