import type { Readable } from "node:stream";

/** The longest line that is told as one. */
const LONGEST = 8192;
/** What could deceive who reads a log on a terminal. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0b-\x1f\x7f]/g;

/** What a process prints, line by line. Empty lines are not told. */
export class PrintedLines {
  #last = "";
  readonly #onLine: (line: string) => void;

  constructor(outputs: readonly Readable[], onLine: (line: string) => void) {
    this.#onLine = onLine;
    for (const output of outputs) this.#read(output);
  }

  /** The last one, which may say why the process ended. */
  get last(): string {
    return this.#last;
  }

  #read(output: Readable): void {
    let rest = "";
    output.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!.slice(-LONGEST);
      for (const line of lines) this.#tell(line);
    });
    output.on("end", () => this.#tell(rest));
  }

  #tell(line: string): void {
    const told = line.slice(0, LONGEST).replaceAll(CONTROL, "");
    if (told.trim() === "") return;
    this.#last = told;
    this.#onLine(told);
  }
}
