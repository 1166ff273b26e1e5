import { existsSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";
import type { Check, CheckMessage } from "#kernel";
import type { Engine } from "./engine.ts";
import { templatesErrors } from "./errors.ts";

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

/** Finds folders that the setting `templates` names and that are not there. */
export const checkTemplateFolders: Check = ({ root, templates }) =>
  (templates?.directories ?? [])
    .map((directory) => resolve(root, directory))
    .filter((directory) => !existsSync(directory))
    .map((directory) => templatesErrors.TEMPLATES_CHECK_NO_FOLDER({ directory }))
    .map(({ code, message, hint }) => ({ level: "error", code, message, hint, object: "templates.directories" }));
