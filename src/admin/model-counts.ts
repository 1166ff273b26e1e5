import type { ModelClass } from "#orm";
import { countText } from "./words.ts";

const limit = 10_000;
const keepFor = 60_000;

/**
 * About how many rows each model has, for the start page and the menu. Counting stops at ten thousand, and a figure is
 * kept for a minute: no page waits for a table to be read from end to end.
 */
export class ModelCounts {
  readonly #kept = new Map<ModelClass, { text: string; until: number }>();

  /** What is known without asking the database. */
  known(model: ModelClass): string {
    return this.#kept.get(model)?.text ?? "";
  }

  async ask(model: ModelClass): Promise<string> {
    const kept = this.#kept.get(model);
    if (kept !== undefined && kept.until > Date.now()) return kept.text;
    const text = cappedText(await countUpTo(model.objects.all()));
    this.#kept.set(model, { text, until: Date.now() + keepFor });
    return text;
  }

  /** Called when a page of the admin added or deleted rows. */
  forget(model: ModelClass): void {
    this.#kept.delete(model);
  }
}

/** The number of rows, or one more than the limit. The order is taken away: nobody shall sort a table to count it. */
export function countUpTo(rows: any): Promise<number> {
  return rows
    .orderBy()
    .slice(0, limit + 1)
    .count();
}

/** `86`, or `10,000+`; `known` rows are certainly there. */
export function cappedText(count: number, known = 0): string {
  return count > limit ? `${countText(Math.max(limit, known))}+` : countText(count);
}
