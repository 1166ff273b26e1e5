import type { ModelName } from "./fuzz-models.ts";
import type { Random } from "./random.ts";
import type { Truth } from "./values.ts";
import type { PlainRow, World } from "./world.ts";

/** A condition: how a query says it, what it says of a row, and the smaller ones in it. */
export interface Condition {
  readonly code: string;
  readonly holds: (row: PlainRow) => Truth;
  readonly parts: readonly Condition[];
}

/** Where conditions are made: the rows, and how deep they may still nest. */
export interface Making {
  readonly random: Random;
  readonly world: World;
  readonly depth: number;
  /** Makes a condition inside another, of one level less. */
  readonly inner: (making: Making, model: ModelName) => Condition;
}
