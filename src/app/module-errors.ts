import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { didYouMean } from "#kernel";
import { appErrors } from "./errors.ts";

/*
 * How it works. JavaScript and Node say in words of theirs what is wrong with modules, and not always where: which name was not
 * there yet, that a module has no such export, that a text cannot be read. What can be recognized is said again with the
 * place, and with what to write instead. The place of a text that cannot be read is told by Node alone, and only when it ends
 * by it; so a second process imports the module.
 */

/** The error of an import in words of ours; itself where nothing more is known. */
export async function inOwnWords(error: unknown, file: string): Promise<unknown> {
  return circularImport(error) ?? missingModule(error) ?? (await missingExport(error)) ?? badSyntax(error, file) ?? error;
}

/** JavaScript says of modules that import each other in a circle only which name was not there yet. */
function circularImport(error: unknown): Error | undefined {
  const name = error instanceof ReferenceError && /^Cannot access '(.+)' before initialization$/.exec(error.message)?.[1];
  if (!name) return undefined;
  const place = /file:\/\/\S+:\d+:\d+/.exec((error as Error).stack ?? "")?.[0];
  return appErrors.APP_CIRCULAR_IMPORT({ name, place: place ? fileURLToPath(place) : "a module", cause: error });
}

function missingModule(error: unknown): Error | undefined {
  const { code, message = "" } = (error ?? {}) as { code?: string; message?: string };
  const [, kind, wanted, from] = /^Cannot find (module|package) '(.+?)' imported from (.+)$/.exec(message) ?? [];
  if (code !== "ERR_MODULE_NOT_FOUND" || wanted === undefined || from === undefined) return undefined;
  const hint = kind === "package" ? `Install it: npm install ${wanted}` : nearestPath(wanted);
  return appErrors.APP_MISSING_MODULE({ wanted: kind === "package" ? `"${wanted}"` : wanted, from, hint, cause: error });
}

/** What stands where the path leads astray, and is called nearly so. */
function nearestPath(path: string): string | undefined {
  let missing = path;
  while (!existsSync(dirname(missing))) missing = dirname(missing);
  return didYouMean(basename(missing), readdirSync(dirname(missing)));
}

async function missingExport(error: unknown): Promise<Error | undefined> {
  if (!(error instanceof SyntaxError)) return undefined;
  const [, module, name] = /^The requested module '(.+?)' does not provide an export named '(.+?)'$/.exec(error.message) ?? [];
  const place = /^(file:\/\/\S+?):(\d+)/.exec(error.stack ?? "");
  if (module === undefined || name === undefined || place === null) return undefined;
  const hint =
    (await whoExports(module, name, place[1]!)) ?? `A type is imported as one: import { type ${name} } from "${module}".`;
  return appErrors.APP_MISSING_EXPORT({ place: `${fileURLToPath(place[1]!)}:${place[2]}`, module, name, hint, cause: error });
}

/** Of Cortado's doors the one that has the name; of a module of the project what is called nearly so. */
async function whoExports(module: string, name: string, from: string): Promise<string | undefined> {
  const load = (specifier: string): Promise<object> => import(specifier).catch(() => ({}));
  if (!/^cortado(\/|$)/.test(module)) {
    return module.startsWith(".") ? didYouMean(name, Object.keys(await load(new URL(module, from).href))) : undefined;
  }
  for (const door of doors()) if (name in (await load(door))) return `"${door}" exports it.`;
  return didYouMean(name, Object.keys(await load(module)));
}

function doors(): string[] {
  const { exports } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as { exports: object };
  return Object.keys(exports).filter((door) => !/[*]|\.json$/.test(door)).map((door) => `cortado${door.slice(1)}`); // prettier-ignore
}

function badSyntax(error: unknown, file: string): Error | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  const excerpt = excerptOf(error.stack) ?? excerptOf(printedByNode(file));
  return excerpt && appErrors.APP_BAD_SYNTAX({ ...excerpt, problem: error.message, cause: error });
}

/** What Node prints before an error that ends it: the place, the line, a caret. */
function excerptOf(text = ""): { place: string; excerpt: string } | undefined {
  const [, from, line, excerpt] = /^(.+?):(\d+)\n([^]*?)\n\n/.exec(text) ?? [];
  if (from === undefined || excerpt === undefined) return undefined;
  return { place: `${from.startsWith("file:") ? fileURLToPath(from) : from}:${line}`, excerpt };
}

function printedByNode(file: string): string {
  const code = `import ${JSON.stringify(pathToFileURL(file).href)}`;
  const args = [...process.execArgv, "--input-type=module", "--eval", code];
  return spawnSync(process.execPath, args, { encoding: "utf8", timeout: 20_000, cwd: dirname(file) }).stderr;
}
