import { isAbsolute, relative } from "node:path";
import type { CheckMessage } from "#kernel";
import type { Engine } from "./engine.ts";

/**
 * Everything wrong with an engine's templates, as a check reports it.
 *
 * ```ts
 * checks: [() => checkTemplates(engine)]
 * ```
 */
export function checkTemplates(engine: Engine): CheckMessage[] {
  return engine.compileAll().map(({ level, code, message, hint, template, line, origin }) => {
    const file = isAbsolute(origin) ? relative(process.cwd(), origin) : template;
    return { level, code, message, hint, object: line === undefined ? file : `${file}:${line}` };
  });
}
