import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { kernelErrors } from "../../errors.ts";
import { type CatalogueSource, i18nSettings } from "../i18n-settings.ts";
import { LanguageCache } from "../languages/language-cache.ts";
import { chainOf } from "../languages/language-chain.ts";
import { localeName } from "../languages/locale-name.ts";
import { Catalogue } from "./catalogue.ts";
import type { MessageFile } from "./message.ts";
import { parseMo } from "./mo-file.ts";
import { parsePo } from "./po-reader.ts";

/*
 * How it works. A language's catalogue is made when it is first asked for, and kept. Its texts come from the weakest source to the
 * strongest: the project's default language (for any other than English), the language without its country, then the language
 * itself; of each, first the framework's own, then the apps' from the last to the first, then the project's folders. In one
 * folder, `django.po` is read before `cortado.po`; a `.mo` file counts where no `.po` stands beside it.
 */

/** The framework's own catalogues. */
const ownFolder = join(import.meta.dirname, "../locale");
const domains = ["django", "cortado"];
/** The catalogues of scripts that run in browsers. */
const scriptDomains = ["djangojs", "cortadojs"];

const loaded = new LanguageCache<Catalogue | undefined>();

/** Forgets every catalogue, so that it is read anew. */
export function forgetCatalogues(): void {
  loaded.clear();
}

/**
 * The catalogue of a language; undefined where it has no text at all, so that texts stay as they are written.
 *
 * ```ts
 * catalogueOf("de-at")?.gettext("Password"); // "Passwort"
 * ```
 * @throws KERNEL_BAD_CATALOGUE
 */
export function catalogueOf(language: string): Catalogue | undefined {
  return kept(language.toLowerCase(), domains);
}

/**
 * The catalogue of a language's scripts for browsers: of the domains `cortadojs` and `djangojs`.
 *
 * ```ts
 * scriptCatalogueOf("ko")?.entries();
 * ```
 * @throws KERNEL_BAD_CATALOGUE
 */
export function scriptCatalogueOf(language: string): Catalogue | undefined {
  return kept(language.toLowerCase(), scriptDomains);
}

/** A code from outside is no path: what does not read as a language has no catalogue. */
const languageCode = /^[a-z0-9]{1,8}(?:-[a-z0-9]{1,8})*$/;

function kept(code: string, of: readonly string[]): Catalogue | undefined {
  if (!languageCode.test(code)) return undefined;
  return loaded.get(of === domains ? code : `${code} script`, () => load(code, of));
}

/** Reads the catalogues of every language of the project now and not when it is first asked for. @throws KERNEL_BAD_CATALOGUE */
export function loadCatalogues(): void {
  for (const code of Object.keys(i18nSettings().languages)) catalogueOf(code);
}

function load(code: string, of: readonly string[]): Catalogue | undefined {
  const fallback = i18nSettings().language.toLowerCase();
  const catalogue = new Catalogue(code);
  const isEnglish = code === "en" || code.startsWith("en-");
  const own = chainOf(code);
  const behind = isEnglish ? [] : chainOf(fallback).filter((each) => !own.includes(each));
  for (const each of [...behind, ...own]) addLanguage(catalogue, each, of);
  return catalogue.size === 0 ? undefined : catalogue;
}

function addLanguage(catalogue: Catalogue, code: string, of: readonly string[]): void {
  for (const source of [ownFolder, ...i18nSettings().catalogues.toReversed()]) {
    for (const { name, read } of filesOf(source, code, of)) {
      try {
        catalogue.add(read());
      } catch (error) {
        throw badCatalogue(name, error);
      }
    }
  }
}

interface CatalogueFile {
  name: string;
  read(): MessageFile;
}

function filesOf(source: CatalogueSource, code: string, of: readonly string[]): CatalogueFile[] {
  if (typeof source === "object") {
    if (source.language.toLowerCase() !== code || of !== domains) return [];
    return [{ name: `the catalogue of "${code}"`, read: () => parsePo(source.po) }];
  }
  const folders = [...new Set([localeName(code), code])].map((name) => join(source, name, "LC_MESSAGES")).filter(existsSync);
  return folders.flatMap((folder) => of.flatMap((domain) => fileOf(join(folder, domain))));
}

function fileOf(path: string): CatalogueFile[] {
  for (const [ending, parse] of [[".po", parsePo], [".mo", parseMo]] as const) {
    const name = `${path}${ending}`;
    if (existsSync(name)) return [{ name, read: () => parse(readFileSync(name)) }];
  }
  return [];
} // prettier-ignore

/** What is told of a catalogue that cannot be read. */
export function badCatalogue(file: string, error: unknown): Error {
  const { line, message } = error as { line?: number; message: string };
  return kernelErrors.KERNEL_BAD_CATALOGUE({ file: line === undefined ? file : `${file}, line ${line}`, problem: message });
}
