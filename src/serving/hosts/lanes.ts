import { SpillFile } from "./spill-file.ts";

/** How many frames may be on a line to a model: the one that runs, and the next. */
export const LANES = 2;

/**
 * The spill files of a line. A frame has a lane to itself until it is answered, so that the next can be put down while it
 * runs.
 */
export class Lanes {
  readonly requests: SpillFile[] = [];
  readonly answers: SpillFile[] = [];
  readonly #free: number[] = [];

  /** Makes the files ("wx+"), or opens those that the other side made ("r+"). */
  constructor(path: string, mode: "wx+" | "r+") {
    try {
      for (let lane = 0; lane < LANES; lane++) {
        this.requests.push(new SpillFile(`${path}.requests.${lane}`, mode));
        this.answers.push(new SpillFile(`${path}.answers.${lane}`, mode));
        this.#free.push(lane);
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  take(): number {
    return this.#free.pop()!;
  }

  give(lane: number): void {
    this.#free.push(lane);
  }

  close(): void {
    for (const file of [...this.requests, ...this.answers]) file.close();
  }
}
