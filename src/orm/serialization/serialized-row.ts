/** A row as data: `{ model: "shop.Coffee", pk: 1, fields: { name: "Latte", roaster: 3, tags: [1, 2] } }`. */
export interface SerializedRow {
  readonly model: string;
  /** Left out where the row's natural key stands for it. */
  readonly pk?: unknown;
  readonly fields: Readonly<Record<string, unknown>>;
}
