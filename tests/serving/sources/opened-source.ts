import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { type ModelRepository, openSource, type OpenSourceOptions } from "cortado/serving";
import { temporaryFolder } from "../../temporary-folder.ts";

/** A source of the model "digits" with a cache of the test's own, looked at when it is asked alone. */
export function openedSource(t: TestContext, source: string, options: OpenSourceOptions = {}): ModelRepository {
  const repository = openSource(source, { model: "digits", cache: temporaryFolder(t), poll: false, ...options });
  t.after(() => repository.close?.());
  return repository;
}

/** The folder of a version whose files have been brought. */
export async function fetched(repository: ModelRepository, wanted = "1"): Promise<string> {
  const found = (await repository.versions("digits")).find(({ version }) => version === wanted);
  assert.ok(found, repository.problem?.() ?? "it is not there");
  await found.fetch!();
  return found.directory;
}
