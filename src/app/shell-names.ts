import { stripTypeScriptTypes } from "node:module";
import * as orm from "#orm";
import { isModelClass, registeredModels } from "#orm";
import { isHandler } from "#serving";
import { Decimal, Temporal } from "#validation";
import { appErrors } from "./errors.ts";
import type { OpenProject } from "./open-project.ts";

/**
 * What is at hand in a shell: every model and handler by its name, and what queries are written with, which is all of
 * `cortado/orm`. Of two models of one name, the app that is listed later gives it.
 */
export function shellNames({ settings, services }: OpenProject): Record<string, unknown> {
  const models = settings.apps.flatMap((app) => Object.entries(app.models ?? {}).filter(([, model]) => isModelClass(model)));
  const handlers = settings.apps.flatMap((app) => Object.entries(app.handlers ?? {}).filter(([, handler]) => isHandler(handler)));
  const middle = registeredModels().filter((model) => !models.some(([, one]) => one === model));
  return {
    ...orm,
    Decimal,
    Temporal,
    ...Object.fromEntries(middle.map((model) => [model.meta.name, model])),
    ...Object.fromEntries([...handlers, ...models]),
    services,
    settings,
  };
}

// oxlint-disable-next-line no-empty-function -- only its constructor is wanted
const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => (...values: unknown[]) => Promise<unknown>;

/** Runs code that may `await`, with these names. TypeScript's types are taken off where there are any. @throws APP_BAD_CODE */
export async function runInShell(code: string, names: Readonly<Record<string, unknown>>): Promise<void> {
  await functionOf(code, Object.keys(names))(...Object.values(names));
}

function functionOf(code: string, names: readonly string[]): (...values: unknown[]) => Promise<unknown> {
  try {
    return new AsyncFunction(...names, code);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return new AsyncFunction(...names, withoutTypes(code));
  }
}

function withoutTypes(code: string): string {
  const [before, after] = ["async () => {", "\n}"];
  try {
    return stripTypeScriptTypes(`${before}${code}${after}`).slice(before.length, -after.length);
  } catch (cause) {
    throw appErrors.APP_BAD_CODE({ reason: (cause as Error).message, cause });
  }
}
