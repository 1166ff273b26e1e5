import { globSync, existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { ProjectSettings } from "#kernel";
import { badCatalogue, languageOfLocale, localeName, type MessageFile, parsePo, pluralFormsOf, writePo } from "#kernel/i18n";
import { type FoundMessage, type MessageProblem, templateMessages } from "#templates";
import { appErrors } from "../errors.ts";
import { gatherMessages, type LocatedMessage, mergeMessages } from "./merge-messages.ts";
import { scriptMessages } from "./script-messages.ts";

/*
 * How it works. Every source below the project's folder belongs to the deepest folder of catalogues beside or above it: that of
 * its app where the app has a folder `locale`, otherwise the project's own. For each such folder and each language, the texts
 * that its sources have are merged into the language's catalogue.
 */

/** What `makeMessages` shall do. */
export interface MakeMessagesOptions {
  /** Languages; those whose catalogues are there already with `all`. */
  readonly languages: readonly string[];
  readonly all?: boolean;
  /** The catalogue's name: `cortado`; sources for browsers have one of their own, `cortadojs` or `djangojs`. */
  readonly domain?: string;
  readonly dropObsolete?: boolean;
  /** How a catalogue says where a text stands: its file and line, its file, nothing. */
  readonly location?: "full" | "file" | "never";
  /** Patterns of files that are not read. */
  readonly ignore?: readonly string[];
  /** Nothing is written. */
  readonly check?: boolean;
}

/** A catalogue that has changed. */
export interface ChangedCatalogue {
  readonly file: string;
  readonly texts: number;
  readonly untranslated: number;
}

/** What `makeMessages` did. */
export interface MadeMessages {
  readonly changed: readonly ChangedCatalogue[];
  /** Texts that cannot be read, with their places. */
  readonly problems: readonly string[];
}

const skipped = ["**/node_modules/**", "**/dist/**", "**/.*/**", "**/var/**"];
const sourceFiles = "**/*.{ts,mts,js,mjs,html,txt,xml}";
const browserFiles = "**/*.{js,mjs}";

/** The folders of catalogues of a project, the apps' own and its own last. */
export function localeFolders({ apps, localePaths, root }: Pick<ProjectSettings, "apps" | "localePaths" | "root">): string[] {
  const ofApps = apps.flatMap(({ directory }) => (directory === undefined ? [] : [join(directory, "locale")]));
  const own = (localePaths ?? ["locale"]).map((folder) => resolve(root, folder));
  const isOwn = (folder: string) =>
    folder.startsWith(root + sep) && !folder.includes(`${sep}node_modules${sep}`) && existsSync(folder);
  return [...new Set([...ofApps.filter(isOwn), ...own])];
}

/**
 * Writes the texts of a project's sources and templates into its catalogues.
 *
 * ```ts
 * await makeMessages(settings, { languages: ["ko"] });
 * ```
 * @throws APP_NO_LANGUAGE, KERNEL_BAD_CATALOGUE
 */
export async function makeMessages(
  settings: Pick<ProjectSettings, "apps" | "localePaths" | "root">,
  options: MakeMessagesOptions,
): Promise<MadeMessages> {
  const folders = localeFolders(settings);
  const { found, problems } = findMessages(settings.root, folders, options);
  const changed: ChangedCatalogue[] = [];
  let count = 0;
  for (const folder of folders) {
    const messages = gatherMessages(found.get(folder) ?? []);
    for (const language of languagesOf(folder, options)) {
      count++;
      const file = join(folder, localeName(language), "LC_MESSAGES", `${options.domain ?? "cortado"}.po`);
      if (messages.length === 0 && !existsSync(file)) continue;
      const change = await updateCatalogue(file, messages, { language, options });
      if (change !== undefined) changed.push({ ...change, file: relative(settings.root, file) });
    }
  }
  if (count === 0) throw appErrors.APP_NO_LANGUAGE({ folders: folders.map((folder) => relative(settings.root, folder)) });
  return { changed, problems };
}

function languagesOf(folder: string, { languages, all = false }: MakeMessagesOptions): string[] {
  const there = all ? globSync("*/LC_MESSAGES", { cwd: folder }).map((path) => languageOfLocale(dirname(path))) : [];
  return [...new Set([...languages.map((code) => code.toLowerCase().replaceAll("_", "-")), ...there])];
}

function findMessages(
  root: string,
  folders: readonly string[],
  { domain = "cortado", ignore = [], location = "full" }: MakeMessagesOptions,
): { found: Map<string, LocatedMessage[]>; problems: string[] } {
  const found = new Map<string, LocatedMessage[]>();
  const problems: string[] = [];
  const files = globSync(domain.endsWith("js") ? browserFiles : sourceFiles, { cwd: root, exclude: [...skipped, ...ignore] });
  for (const file of files.toSorted()) {
    const folder = folderOf(join(root, file), folders);
    const read = messagesOf(file, readFileSync(join(root, file), "utf8"));
    problems.push(...read.problems.map(({ line, problem }) => `${file}:${line}  ${problem}.`));
    const name = file.replaceAll(sep, "/");
    const referenceAt = { full: (line: number) => `${name}:${line}`, file: () => name, never: () => undefined }[location];
    const located = read.messages.map((message) => ({ ...message, reference: referenceAt(message.line) }));
    found.set(folder, [...(found.get(folder) ?? []), ...located]);
  }
  return { found, problems };
}

/** The deepest folder of catalogues whose parent the file lies in; the project's own where there is none. */
function folderOf(file: string, folders: readonly string[]): string {
  const around = folders.filter((folder) => file.startsWith(dirname(folder) + sep));
  return around.sort((a, b) => b.length - a.length)[0] ?? folders.at(-1)!;
}

function messagesOf(file: string, source: string): { messages: readonly FoundMessage[]; problems: readonly MessageProblem[] } {
  return /\.m?[jt]s$/.test(file) ? { messages: scriptMessages(source), problems: [] } : templateMessages(source);
}

async function updateCatalogue(
  file: string,
  messages: ReturnType<typeof gatherMessages>,
  { language, options }: { language: string; options: MakeMessagesOptions },
): Promise<Omit<ChangedCatalogue, "file"> | undefined> {
  const before = existsSync(file) ? await readFile(file, "utf8") : undefined;
  const merged = mergeMessages(readCatalogue(file, before, language), messages, { dropObsolete: options.dropObsolete ?? false });
  const text = writePo(merged);
  if (text === before) return undefined;
  if (options.check !== true) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const used = merged.messages.filter(({ obsolete }) => !obsolete);
  const untranslated = used.filter(({ translations, flags }) => flags.includes("fuzzy") || translations.includes("")).length;
  return { texts: used.length, untranslated };
}

function readCatalogue(file: string, text: string | undefined, language: string): MessageFile {
  if (text === undefined) return newCatalogue(language);
  try {
    return parsePo(text);
  } catch (error) {
    throw badCatalogue(file, error);
  }
}

function newCatalogue(language: string): MessageFile {
  const headers = new Map([
    ["Language", localeName(language)],
    ["MIME-Version", "1.0"],
    ["Content-Type", "text/plain; charset=UTF-8"],
    ["Content-Transfer-Encoding", "8bit"],
    ["Plural-Forms", pluralFormsOf(language)],
  ]);
  return { headers, headerComments: [], messages: [] };
}
