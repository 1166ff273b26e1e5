import type { Operation } from "../operations/operation.ts";

/** Longest automatic name, its number left aside. */
const nameLimit = 52;

/** The number after the highest one in use, squashed ones among them, as four digits. */
export function nextNumber(migrations: readonly { name: string }[]): string {
  const numbers = migrations.flatMap(({ name }) =>
    [/^\d+/.exec(name)?.[0], /_squashed_(\d+)/.exec(name)?.[1]].map((text) => Number(text ?? 0)),
  );
  return String(Math.max(0, ...numbers) + 1).padStart(4, "0");
}

interface NameInput {
  number: string;
  operations: readonly Operation[];
  initial: boolean;
  given?: string | undefined;
}

/** `0001_initial`, `0002_coffee_price`, `0003_coffee_title_and_more`. */
export function migrationName({ number, operations, initial, given }: NameInput): string {
  return `${number}_${given ?? (initial ? "initial" : nameFromOperations(operations))}`;
}

function nameFromOperations(operations: readonly Operation[]): string {
  const fragments = [...new Set(operations.flatMap(({ fragment }) => fragment ?? []))].map(asWord);
  if (fragments.length === 0) return `auto_${timestamp(new Date())}`;
  let name = fragments[0]!;
  for (const fragment of fragments.slice(1)) {
    if (name.length + 1 + fragment.length > nameLimit) return `${name}_and_more`;
    name += `_${fragment}`;
  }
  return name;
}

function asWord(fragment: string): string {
  return fragment.replace(/\W+/g, "_");
}

function timestamp(now: Date): string {
  return now.toISOString().slice(0, 16).replace(/[-:]/g, "").replace("T", "_");
}
