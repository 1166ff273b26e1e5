import type { App } from "#kernel";
import type { ModelClass } from "../model/model-class.ts";
import { queryModel } from "../query/query-set.ts";
import { serializationErrors } from "./errors.ts";
import { formatNamed } from "./formats.ts";
import { byDependency, selectedModels, storedModels } from "./label-selection.ts";
import { serialize, type SerializeOptions } from "./serialize.ts";

/** Which rows `dumpData()` writes, and how. */
export interface DumpOptions extends Pick<SerializeOptions, "naturalForeign" | "naturalPrimary"> {
  /** Apps and models: `["shop", "auth.Group"]`; default all. */
  labels?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
  /** Only the rows with these primary keys, of the one model that `labels` names. */
  keys?: readonly unknown[] | undefined;
  /** `json`, `jsonl`, `yaml` or a format of one's own; default `json`. */
  format?: string | undefined;
  indent?: number | undefined;
  /** The database's alias. */
  database?: string | undefined;
}

/**
 * The rows of apps as the text of a fixture, in constant memory. Every row of a table is written, whatever a model's manager hides.
 *
 * ```ts
 * for await (const part of dumpData(apps, { labels: ["shop"], indent: 2 })) process.stdout.write(part);
 * ```
 * @throws SERIALIZATION_UNKNOWN_LABEL, SERIALIZATION_UNKNOWN_FORMAT, SERIALIZATION_KEYS_OF_SEVERAL
 */
export function dumpData(apps: readonly App[], options: DumpOptions = {}): AsyncIterable<string> {
  const { labels = [], exclude = [], format = "json", indent, keys } = options;
  const models = byDependency(selectedModels(storedModels(apps), labels, exclude));
  if (keys !== undefined && models.length !== 1)
    throw serializationErrors.SERIALIZATION_KEYS_OF_SEVERAL({ models: models.map(({ meta }) => meta.key) });
  return formatNamed(format).write(serialize(rowsOf(models, options), options), { indent });
}

async function* rowsOf(models: readonly ModelClass[], { keys, database = "default" }: DumpOptions): AsyncGenerator<object> {
  for (const model of models) {
    const all = queryModel(model).using(database).orderBy("pk");
    yield* (keys === undefined ? all : all.filter({ pk: { in: keys } })).iterator() as AsyncGenerator<object>;
  }
}
