// What holds for the texts that the framework shows people.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { catalogueProblems, scriptMessages } from "#app";
import { messageKey, parsePo } from "cortado/i18n";
import { templateMessages } from "cortado/templates";

const root = resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const filesOf = (pattern: string) => globSync(pattern, { cwd: root }).toSorted();

function koreanTexts(): Set<string> {
  const files = filesOf("src/**/locale/ko/LC_MESSAGES/*.po").map((file) => parsePo(read(file)));
  const messages = files.flatMap((file) => file.messages);
  const usable = messages.filter(({ translations, flags }) => translations.every(Boolean) && !flags.includes("fuzzy"));
  return new Set(usable.map(({ id, context }) => messageKey(id, context)));
}

test("every text that is marked for translation has a Korean one", () => {
  const known = koreanTexts();
  const scripts = filesOf("src/**/*.ts").flatMap((file) => scriptMessages(read(file)).map((message) => ({ file, ...message })));
  const templates = filesOf("src/**/templates/**/*.html").flatMap((file) =>
    templateMessages(read(file)).messages.map((message) => ({ file, ...message })),
  );
  const missing = [...scripts, ...templates].filter(({ id, context }) => !known.has(messageKey(id, context)));
  assert.deepEqual(
    missing.map(({ file, line, id }) => `${file}:${line} ${id}`),
    [],
  );
});

test("no catalogue of the framework has mistakes", () => {
  const problems = filesOf("src/**/locale/*/LC_MESSAGES/*.po").flatMap((file) =>
    catalogueProblems(parsePo(read(file))).map(({ line, problem }) => `${file}:${line} ${problem}`),
  );
  assert.deepEqual(problems, []);
});

test("what a form to try a model says is translated in every language that the framework has", () => {
  const texts = ["As JSON.", "%(tensor)s, as JSON.", "not known"];
  const catalogues = filesOf("src/kernel/i18n/locale/*/LC_MESSAGES/cortado.po");
  const missing = catalogues.flatMap((file) => {
    const known = new Map(parsePo(read(file)).messages.map(({ id, translations }) => [id, translations[0]]));
    return texts.filter((text) => !known.get(text)).map((text) => `${file} ${text}`);
  });
  assert.ok(catalogues.length >= 9);
  assert.deepEqual(missing, []);
});
