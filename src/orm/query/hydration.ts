import { ormErrors } from "../errors.ts";
import { InstanceState, type Layout, RelatedRows, stateOf } from "../model/rows/instance-state.ts";
import { Hydration } from "../model/rows/hydration-source.ts";
import type { ModelMeta } from "../model/meta.ts";
import type { ModelClass } from "../model/model-class.ts";
import { refuseRedeclared } from "../model/redeclared-fields.ts";
import type { Dialect } from "../names.ts";
import type { Read } from "./read-values.ts";
import { initIsIdle, tellingInit } from "../signals/telling-init.ts";

/** A joined relation of a row: which columns it has, and what is joined to it in turn. */
export interface JoinedRow {
  readonly name: string;
  readonly shape: RowShape;
}

/** A value of a row: the property it goes to, its position (-1 when left out), and how it is read. */
interface ReadColumn {
  readonly name: string;
  readonly at: number;
  readonly read: Read;
}

/** How instances stand in a row. */
export interface RowShape {
  readonly meta: ModelMeta;
  /** The position of each field of the model, -1 where it was left out. */
  readonly layout: Layout;
  readonly joined: readonly JoinedRow[];
  readonly annotations: readonly ReadColumn[];
}

type Assign = (instance: object, row: unknown[], peers: readonly object[]) => void;

/**
 * Makes the function that puts a row's values on an instance. It is generated, so that every instance
 * of a query gets its properties in the same order and the engine keeps one hidden class for them.
 */
function compileAssign({ meta, layout, annotations }: RowShape, dialect: Dialect): Assign {
  const readers: unknown[] = [];
  const columns = meta.fields.map((field, i) => ({ name: field.attname, at: layout[i]!, read: field.reader(dialect) }));
  const lines = [...columns, ...annotations].map((column) => assignLine(column, readers));
  const names = readers.map((_, i) => `read${i}`);
  const whole = layout.every((at, i) => at === i);
  const body = `"use strict";
return (o, r, peers) => {
  ${lines.join("\n  ")}
  const s = new State();
  s.stored = r;
  s.layout = ${whole ? "undefined" : "layout"};
  s.peers = peers;
  o[stateOf] = s;
};`;
  // oxlint-disable-next-line typescript/no-implied-eval -- the text is made here, of names and places only, never of values
  return new Function("State", "stateOf", "layout", "defer", ...names, body)(
    InstanceState,
    stateOf,
    layout,
    defer,
    ...readers,
  ) as Assign;
}

/** A statement that puts one column on an instance. */
function assignLine({ name, at, read }: ReadColumn, readers: unknown[]): string {
  if (at < 0) return `defer(o, ${JSON.stringify(name)});`;
  const target = `o[${JSON.stringify(name)}]`;
  if (read === undefined) return `${target} = r[${at}];`;
  return `${target} = r[${at}] === null ? null : read${readers.push(read) - 1}(r[${at}]);`;
}

/** A field that the query left out: reading it says so, writing it makes it an ordinary property. */
function defer(instance: object, name: string): void {
  Object.defineProperty(instance, name, {
    configurable: true,
    enumerable: false,
    get() {
      throw ormErrors.ORM_DEFERRED_FIELD({ model: (instance.constructor as unknown as ModelClass).meta.label, field: name });
    },
    set(value: unknown) {
      Object.defineProperty(instance, name, { configurable: true, enumerable: true, writable: true, value });
    },
  });
}

/** Makes instances of rows. */
export type Hydrator = (rows: readonly unknown[][]) => object[];

/** Makes the function that turns rows into instances, joined relations included. */
export function compileHydrator(shape: RowShape, dialect: Dialect): Hydrator {
  const Model = shape.meta.model as ModelClass;
  refuseRedeclared(Model);
  void shape.meta.incoming; // the ways back that its rows have
  const hydration = new Hydration(compileAssign(shape, dialect));
  const joined = shape.joined.map((join) => compileJoined(join, dialect));
  const hasHook = "fromDatabase" in Model.prototype;
  return (rows) => {
    const instances: object[] = [];
    const tells = !initIsIdle();
    hydration.peers = instances;
    for (const row of rows) {
      hydration.row = row;
      instances.push(tells ? tellingInit(Model, undefined, () => new Model(hydration)) : new Model(hydration));
    }
    hydration.peers = hydration.row = [];
    for (const attach of joined) attach(rows, instances);
    if (hasHook) for (const instance of instances) (instance as { fromDatabase(): void }).fromDatabase();
    return instances;
  };
}

/** Rows of a to-one relation: one instance for each key, whoever refers to it. */
function compileJoined(
  { name, shape }: JoinedRow,
  dialect: Dialect,
): (rows: readonly unknown[][], owners: readonly object[]) => void {
  const hydrate = compileHydrator(shape, dialect);
  const key = shape.layout[0]!;
  if (shape.meta.primaryKey.isComposite) return compileJoinedByTuple(name, shape, hydrate);
  return (rows, owners) => {
    const firstRows = new Map<unknown, unknown[]>();
    for (const row of rows) if (row[key] !== null && !firstRows.has(row[key])) firstRows.set(row[key], row);
    const keys = [...firstRows.keys()];
    const found = new Map(hydrate([...firstRows.values()]).map((instance, i) => [keys[i], instance]));
    for (let i = 0; i < rows.length; i++) setRelated(owners[i]!, name, found.get(rows[i]![key]) ?? null);
  };
}

/** The same for rows whose key has several columns, which come first: only a one-to-one leads to these. */
function compileJoinedByTuple(
  name: string,
  { layout }: RowShape,
  hydrate: Hydrator,
): (rows: readonly unknown[][], owners: readonly object[]) => void {
  return (rows, owners) => {
    const present = rows.filter((row) => row[layout[0]!] !== null);
    const made = hydrate(present);
    const byRow = new Map(present.map((row, i) => [row, made[i]]));
    rows.forEach((row, i) => setRelated(owners[i]!, name, byRow.get(row) ?? null));
  };
}

/** Remembers a loaded relation on a row. */
export function setRelated(owner: object, name: string, value: unknown): void {
  const state = (owner as { [stateOf]: InstanceState })[stateOf];
  (state.related ??= new RelatedRows())[name] = value;
}
