import { globSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { ProjectSettings } from "#kernel";
import { languageOfLocale, type MessageFile, parsePo, writeMo } from "#kernel/i18n";
import { type CatalogueProblem, catalogueProblems } from "./catalogue-problems.ts";
import { localeFolders } from "./make-messages.ts";

/** What `compileMessages` shall do. */
export interface CompileMessagesOptions {
  /** Languages; all that have catalogues where none is named. */
  readonly languages?: readonly string[];
  /** Fuzzy translations count too. */
  readonly useFuzzy?: boolean;
  /** Nothing is written. */
  readonly check?: boolean;
}

/** One catalogue: where it is, and what is wrong with it. */
export interface CompiledCatalogue {
  readonly file: string;
  readonly texts: number;
  readonly problems: readonly CatalogueProblem[];
}

/**
 * Looks at every catalogue of a project, and writes a `.mo` file beside each that nothing is wrong with.
 *
 * ```ts
 * await compileMessages(settings, { languages: ["ko"] });
 * ```
 */
export async function compileMessages(
  settings: Pick<ProjectSettings, "apps" | "localePaths" | "root">,
  { languages = [], useFuzzy = false, check = false }: CompileMessagesOptions = {},
): Promise<CompiledCatalogue[]> {
  const compiled: CompiledCatalogue[] = [];
  for (const folder of localeFolders(settings)) {
    for (const path of globSync("*/LC_MESSAGES/*.po", { cwd: folder }).toSorted()) {
      const language = languageOfLocale(path.split(/[\\/]/)[0]!);
      if (languages.length > 0 && !languages.some((code) => languageOfLocale(code) === language)) continue;
      const file = join(folder, path);
      const { catalogue, problems } = read(await readFile(file));
      if (problems.length === 0 && !check)
        await writeFile(file.replace(/po$/, "mo"), writeMo(useFuzzy ? sure(catalogue) : catalogue));
      compiled.push({ file: relative(settings.root, file), texts: catalogue.messages.length, problems });
    }
  }
  return compiled;
}

function read(bytes: Buffer): { catalogue: MessageFile; problems: CatalogueProblem[] } {
  try {
    const catalogue = parsePo(bytes);
    return { catalogue, problems: catalogueProblems(catalogue) };
  } catch (error) {
    const { line = 1, message } = error as { line?: number; message: string };
    return { catalogue: { headers: new Map(), headerComments: [], messages: [] }, problems: [{ line, problem: message }] };
  }
}

/** A catalogue whose fuzzy translations are sure ones. */
function sure(file: MessageFile): MessageFile {
  const messages = file.messages.map((message) => ({ ...message, flags: message.flags.filter((flag) => flag !== "fuzzy") }));
  return { ...file, messages };
}
