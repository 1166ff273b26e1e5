import type { ProjectSettings } from "./app.ts";
import type { CortadoError } from "./cortado-error.ts";

/** One finding of a check. Errors stop the start; warnings are printed. */
export interface CheckMessage {
  level: "error" | "warning";
  /** A word, like an error's code: `ORM_CHECK_REVERSE_CLASH`. */
  code: string;
  message: string;
  hint?: string | undefined;
  /** What it is about: `shop.Coffee.name`. */
  object?: string | undefined;
}

/** Looks at a project before it starts and says everything that is wrong with it, not only the first thing. */
export type Check = (project: ProjectSettings) => readonly CheckMessage[] | Promise<readonly CheckMessage[]>;

/** An error as the finding of a check. */
export function checkMessage(error: CortadoError, level: CheckMessage["level"] = "error", object?: string): CheckMessage {
  const { code, message, hint } = error;
  return { level, code, message, hint, ...(object !== undefined && { object }) };
}

/** Runs every check and returns what they found, errors first. */
export async function runChecks(checks: Iterable<Check>, project: ProjectSettings): Promise<CheckMessage[]> {
  const found: CheckMessage[] = [];
  for (const check of checks) found.push(...(await check(project)));
  return found.sort((a, b) => Number(a.level === "warning") - Number(b.level === "warning"));
}

/** A check's finding as lines for a terminal. */
export function formatCheckMessage(message: CheckMessage): string {
  const head = `${message.level} ${message.code}${message.object ? ` (${message.object})` : ""}: ${message.message}`;
  return message.hint ? `${head}\n  hint  ${message.hint}` : head;
}
