/** Where a row keeps what is not a field. A symbol, so that neither JSON nor a template meets it. */
export const stateOf: unique symbol = Symbol("cortado.state");

/** Where the values of a row stand in what the driver gave: the position of each field, -1 when it was left out. */
export type Layout = readonly number[];

/** Loaded relations by their names; undefined where none is loaded. */
export class RelatedRows {
  [name: string]: unknown;
}
// No name is there from the start, whatever a field is called.
delete (RelatedRows.prototype as { constructor?: unknown }).constructor;
Object.setPrototypeOf(RelatedRows.prototype, null);

/** What a row knows about itself beside its values. */
export class InstanceState {
  /** The database that the row is of; undefined means the default one. It lies on the prototype, so that rows of that one pay nothing. */
  declare alias: string | undefined;
  /** The row as the database gave or took it; undefined before the first save. */
  stored: unknown[] | undefined = undefined;
  /** Positions in `stored`, by the index of the field; undefined when they are the same. */
  layout: Layout | undefined = undefined;
  /** The rows that came in the same query; a relation is loaded for all of them at once. */
  peers: readonly object[] | undefined = undefined;
  /** Related rows that are loaded, by the relation's name. */
  related: RelatedRows | undefined = undefined;
}
InstanceState.prototype.alias = undefined;

/** The database that a row is of; undefined means the default one. */
export function rowAlias(row: object | undefined): string | undefined {
  return (row as { readonly [stateOf]?: InstanceState } | undefined)?.[stateOf]?.alias;
}
