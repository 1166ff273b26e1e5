// What an error says, with its details written as ‹names›: the table's own text, without anything having gone wrong.
import type { CortadoError } from "cortado";

export type ErrorTable = Readonly<Record<string, (details?: unknown) => CortadoError>>;

/**
 * The message and hint of a code; undefined where its text cannot be made without real details. The hint is the table's own, as
 * where whoever raises the error gives no better one.
 */
export function sampleError(table: ErrorTable, code: string): { message: string; hint: string | undefined } | undefined {
  try {
    const details = new Proxy({}, { get: (_, name) => (name === "hint" ? undefined : placeholder(String(name))) });
    const { message, hint } = table[code]!(details);
    return { message, hint };
  } catch {
    return undefined;
  }
}

/** Stands for any detail: prints as ‹name›, answers every method with itself, holds itself once as a list. */
function placeholder(name: string): unknown {
  const text = `‹${name}›`;
  const self: unknown = new Proxy(() => self, {
    get(_, key) {
      if (key === Symbol.toPrimitive || key === "toString" || key === "toJSON") return () => text;
      if (key === Symbol.iterator) return () => [text][Symbol.iterator]();
      return key === "length" || key === "size" ? 1 : () => self;
    },
  });
  return self;
}
