import { aliasFor, type Database, database } from "../../database/database.ts";
import { ormErrors } from "../../errors.ts";
import { storeUploads } from "../../fields/files/store-uploads.ts";
import { postSave, preSave } from "../../signals/model-signals.ts";
import { insertRow } from "./insert-row.ts";
import { stateOf } from "../rows/instance-state.ts";
import { insertJoined } from "./joined-row.ts";
import type { ModelMeta } from "../meta.ts";
import { type AnyRow, metaOf } from "../rows/row.ts";
import { placeLast } from "../order-column.ts";
import { updateRow } from "./update-row.ts";

/** What `row.save()` takes. */
export interface SaveOptions {
  /** Write these fields only; the row must be there. */
  only?: readonly string[] | undefined;
  /** Insert, also a row that was read. */
  forceInsert?: boolean | undefined;
  /** Update, also a row that was not read: every field is written. @throws the model's NotUpdated where it is not there */
  forceUpdate?: boolean | undefined;
  /** The alias of the database to write to. */
  using?: string | undefined;
  /** For fixtures: signals say that other rows may not be there yet. */
  raw?: boolean | undefined;
}

/** Inserts a new row; updates the changed columns of one that is stored. */
export function saveInstance(instance: object, options: SaveOptions): Promise<void> {
  const row = instance as AnyRow;
  const meta = metaOf(row);
  try {
    const alias = normal(aliasFor("write", meta, options.using ?? row));
    const elsewhere = options.using !== undefined && alias !== row[stateOf].alias;
    const adds = mustInsert(row, meta, { options, elsewhere });
    if (alias !== row[stateOf].alias) row[stateOf].alias = alias;
    const given = { db: database(alias), adds, options };
    return preSave.isIdle && postSave.isIdle ? write(row, meta, given) : writeAndTell(row, meta, given);
  } catch (error) {
    return Promise.reject(error as Error);
  }
}

/** Rows of the default database remember no alias. */
function normal(alias: string | undefined): string | undefined {
  return alias === "default" ? undefined : alias;
}

interface Write {
  readonly db: Database;
  readonly adds: boolean;
  readonly options: SaveOptions;
}

/** Whether the row is inserted. What is written to another database than it came from is new there. */
function mustInsert(row: AnyRow, meta: ModelMeta, { options, elsewhere }: { options: SaveOptions; elsewhere: boolean }): boolean {
  const { forceInsert, forceUpdate, only } = options;
  if (forceInsert && (forceUpdate || only !== undefined))
    throw ormErrors.ORM_BAD_SAVE({
      model: meta.label,
      reason: `forceInsert and ${forceUpdate ? "forceUpdate" : "only"} contradict each other`,
      hint: "Give one of them.",
    });
  if (forceInsert) return true;
  return (row[stateOf].stored === undefined || elsewhere) && !forceUpdate && only === undefined;
}

function write(row: AnyRow, meta: ModelMeta, given: Write): Promise<void> {
  const uploads = storeUploads(row);
  return uploads === undefined ? writeColumns(row, meta, given) : uploads.then(() => writeColumns(row, meta, given));
}

function writeColumns(row: AnyRow, meta: ModelMeta, { db, adds, options }: Write): Promise<void> {
  if (!adds) return updateRow(row, meta, { db, options });
  if (meta.options.orderWithRespectTo !== undefined) return placeLast([row], meta, db).then(() => insert(row, meta, db));
  return insert(row, meta, db);
}

function insert(row: AnyRow, meta: ModelMeta, db: Database): Promise<void> {
  return meta.isJoined ? insertJoined(row, meta, db) : insertRow(row, meta, db);
}

async function writeAndTell(row: AnyRow, meta: ModelMeta, given: Write): Promise<void> {
  const { adds, options } = given;
  const using = row[stateOf].alias ?? "default";
  const sent = { instance: row, raw: options.raw === true, only: options.only, using };
  await preSave.send(meta.model, sent);
  await write(row, meta, given);
  await postSave.send(meta.model, { ...sent, created: adds });
}
