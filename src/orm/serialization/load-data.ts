import { database, type Database } from "../database/database.ts";
import type { Field } from "../fields/field.ts";
import type { ModelClass } from "../model/model-class.ts";
import { type AnyRow } from "../model/rows/row.ts";
import { queryModel } from "../query/query-set.ts";
import { throughColumns } from "../query/through-columns.ts";
import { postSave, preSave } from "../signals/model-signals.ts";
import { checkReferences } from "./check-references.ts";
import { type DeserializeOptions, type ReadRow, readRow, type ResolvedRow, resolveReferences, rowName } from "./deserialize.ts";
import { serializationErrors } from "./errors.ts";
import { formatNamed } from "./formats.ts";
import { raiseIdentityValues } from "./identity-values.ts";
import { hasNaturalKey, naturalKeyOf, rowByNaturalKey } from "./natural-keys.ts";
import { insertUnkeyed, writeRows } from "./write-rows.ts";

/** A text of rows, and what it is called in messages. */
export interface Fixture {
  readonly file: string;
  /** The name of its format. */
  readonly format: string;
  readonly text: AsyncIterable<string>;
}

/** Where `loadData()` writes, and what it passes over. */
export interface LoadOptions extends DeserializeOptions {
  /** The database's alias. */
  database?: string | undefined;
}

/** How many rows of a model wait to be written together. */
const batchSize = 500;

/**
 * Writes the rows of fixtures, over those with the same keys, in one transaction; gives how many there were. Rows may refer to rows
 * that come later. No validation runs; the signals `preSave` and `postSave` are told `raw`.
 *
 * ```ts
 * async function* text() {
 *   yield '[{ "model": "shop.coffee", "pk": 1, "fields": { "name": "Latte" } }]';
 * }
 * await loadData([{ file: "initial.json", format: "json", text: text() }]);
 * ```
 * @throws SERIALIZATION_BAD_FILE, SERIALIZATION_BAD_ROW, SERIALIZATION_NO_SUCH_ROW, SERIALIZATION_BROKEN_REFERENCE
 */
export function loadData(fixtures: Iterable<Fixture> | AsyncIterable<Fixture>, options: LoadOptions = {}): Promise<number> {
  const db = database(options.database);
  return db.transaction(async () => {
    if (db.dialect === "sqlite") await db.execute("PRAGMA defer_foreign_keys = ON");
    const loader = new Loader(db, options.database ?? "default");
    for await (const fixture of fixtures) {
      for await (const row of rowsOf(fixture, options)) await loader.add(row);
    }
    await loader.finish();
    await checkReferences(db, loader.touched);
    await raiseIdentityValues(db, loader.touched);
    return loader.count;
  });
}

async function* rowsOf(fixture: Fixture, options: LoadOptions): AsyncGenerator<ReadRow> {
  const format = formatNamed(fixture.format);
  let position = 0;
  const items = format.read(fixture.text)[Symbol.asyncIterator]();
  for (;;) {
    const next = await items.next().catch((cause: unknown) => {
      throw badFile(fixture, cause);
    });
    if (next.done) return;
    const row = readRow(next.value, { file: fixture.file, position: ++position }, options);
    if (row !== undefined) yield row;
  }
}

/** What a format could not read; a missing package and the like speak for themselves. */
function badFile({ file, format }: Fixture, cause: unknown): unknown {
  if (typeof (cause as { code?: unknown }).code === "string" && !String((cause as { code: string }).code).startsWith("Z_"))
    return cause;
  return serializationErrors.SERIALIZATION_BAD_FILE({ file, format, reason: (cause as Error).message.split("\n")[0]!, cause });
}

/** Rows of one model with the same columns, which one statement writes. */
interface Batch {
  readonly model: ModelClass;
  readonly fields: readonly Field[];
  readonly rows: Map<string, AnyRow>;
  readonly lists: Map<AnyRow, ReadonlyMap<Field, readonly unknown[]>>;
}

/** A row for a batch. */
interface Gathered extends Pick<Batch, "model" | "fields"> {
  readonly row: AnyRow;
  readonly lists: ReadonlyMap<Field, readonly unknown[]>;
}

/** Gathers rows into statements. A row that refers by a natural key makes those before it be written first. */
class Loader {
  readonly touched = new Set<ModelClass>();
  count = 0;
  readonly #db: Database;
  readonly #alias: string;
  #batch: Batch | undefined;
  /** Rows whose natural references are not there yet. */
  #waiting: ReadRow[] = [];

  constructor(db: Database, alias: string) {
    this.#db = db;
    this.#alias = alias;
  }

  async add(read: ReadRow): Promise<void> {
    if (usesNaturalKeys(read)) await this.#flush();
    const resolved = await resolveReferences(read, this.#alias);
    if (resolved.missing) this.#waiting.push(read);
    else await this.#take(read, resolved);
  }

  /** Writes what is left; what waited is tried again as long as that helps. */
  async finish(): Promise<void> {
    while (this.#waiting.length > 0) {
      const waiting = this.#waiting.splice(0);
      for (const read of waiting) await this.add(read);
      if (this.#waiting.length === waiting.length) await this.#refuse(waiting[0]!);
    }
    await this.#flush();
  }

  async #refuse(read: ReadRow): Promise<never> {
    const { missing } = await resolveReferences(read, this.#alias);
    throw serializationErrors.SERIALIZATION_NO_SUCH_ROW({
      file: read.file,
      row: rowName(read, read.model.meta.key),
      field: missing!.field.name,
      key: `the ${missing!.field.relation!.to.meta.key} ${JSON.stringify(missing!.key)}`,
    });
  }

  async #take(read: ReadRow, { values, lists }: ResolvedRow): Promise<void> {
    const { model } = read;
    const { meta } = model;
    const row = instanceOf(read, values);
    const key = read.key ?? (await keptKey(model, row, this.#alias));
    this.touched.add(model);
    this.count++;
    const fields = meta.localFields.filter((field) => isWritten(field, row));
    if (key === undefined && meta.primaryKey.autoIncrement) {
      await this.#flush();
      await this.#saved([row], () =>
        insertUnkeyed(this.#db, meta, { row, fields: fields.filter((field) => field !== meta.primaryKey) }),
      );
      return this.#setLists(new Map([[row, lists]]));
    }
    if (key !== undefined) row["pk"] = key;
    await this.#gather({ model, fields, row, lists });
  }

  async #gather({ model, fields, row, lists }: Gathered): Promise<void> {
    const current = this.#batch;
    const fits =
      current?.model === model &&
      current.fields.length === fields.length &&
      current.fields.every((field, i) => field === fields[i]);
    if (!fits || current.rows.size >= batchSize) {
      await this.#flush();
      this.#batch = { model, fields, rows: new Map(), lists: new Map() };
    }
    const { rows, lists: waiting } = this.#batch!;
    rows.set(String(row["pk"]), row);
    if (lists.size > 0) waiting.set(row, lists);
  }

  async #flush(): Promise<void> {
    const batch = this.#batch;
    if (batch === undefined) return;
    this.#batch = undefined;
    const rows = [...batch.rows.values()];
    await this.#saved(rows, () => writeRows(this.#db, batch.model.meta, { rows, fields: batch.fields }));
    await this.#setLists(batch.lists);
  }

  /** Writes rows between the two signals. */
  async #saved(rows: readonly AnyRow[], write: () => Promise<void>): Promise<void> {
    const about = { raw: true, only: undefined, using: this.#alias };
    const model = rows[0]!.constructor as unknown as ModelClass;
    if (!preSave.isIdle) for (const instance of rows) await preSave.send(model, { instance, ...about });
    await write();
    if (!postSave.isIdle) for (const instance of rows) await postSave.send(model, { instance, created: true, ...about });
  }

  async #setLists(lists: ReadonlyMap<AnyRow, ReadonlyMap<Field, readonly unknown[]>>): Promise<void> {
    for (const [row, byField] of lists) {
      for (const [field, keys] of byField) {
        const { through, owner, target } = throughColumns(field, false);
        await queryModel(through.model)
          .using(this.#alias)
          .filter({ [owner.attname]: row["pk"] })
          .delete();
        const pairs = [...new Set(keys)].map((key) => ({ [owner.attname]: row["pk"], [target.attname]: key }));
        if (pairs.length > 0)
          await queryModel(through.model)
            .using(this.#alias)
            .bulkCreate(pairs as never);
        this.touched.add(through.model);
      }
    }
  }
}

function instanceOf({ model }: ReadRow, values: ReadonlyMap<Field, unknown>): AnyRow {
  const row = new model() as AnyRow;
  for (const [field, value] of values) row[field.attname] = value;
  return row;
}

/** The key of the row that has the same natural key. */
async function keptKey(model: ModelClass, row: AnyRow, alias: string): Promise<unknown> {
  const natural = naturalKeyOf(row);
  if (natural === undefined) return undefined;
  return (await rowByNaturalKey(model, natural, alias))?.["pk"] as unknown;
}

/** The database computes a generated column always, and a default where there is no value. */
function isWritten(field: Field, row: AnyRow): boolean {
  if (field.databaseValue === undefined) return true;
  return field.databaseValue === "default" && row[field.attname] !== undefined;
}

function usesNaturalKeys({ model, key, values, lists }: ReadRow): boolean {
  if (key === undefined && hasNaturalKey(model)) return true;
  for (const [field, value] of values) if (field.relation !== undefined && Array.isArray(value)) return true;
  for (const list of lists.values()) if (list.some(Array.isArray)) return true;
  return false;
}
