import type { ModelClass } from "../../model/model-class.ts";
import type { ModelMeta } from "../../model/meta.ts";
import type { Dialect } from "../../names.ts";
import { type ColumnShape, columnShape } from "./column-shape.ts";
import { fieldConstraints, fieldIndexes, partShapes, primaryKeyShape } from "./part-shapes.ts";
import { type ConstraintShape, type IndexShape, isConstraint, isIndex, type PartShape, type TableContext } from "./shapes.ts";

/** A table as a state wants it. `id` is the model's key, or that and the field's name for a middle table. */
export interface TableShape {
  readonly id: string;
  readonly name: string;
  readonly comment: string | undefined;
  readonly columns: readonly ColumnShape[];
  readonly constraints: readonly ConstraintShape[];
  readonly indexes: readonly IndexShape[];
}

/** A model's table, and the middle tables of its many-to-many fields that declare none. */
export function tableShapes(model: ModelClass, dialect: Dialect): TableShape[] {
  const { meta } = model;
  const { managed, proxy, requiredDbVendor = dialect } = meta.options;
  if (managed === false || proxy || requiredDbVendor !== dialect) return [];
  const middle = meta.localManyToMany.filter((field) => field.options.through === undefined);
  return [
    tableShape(meta, { id: meta.key, columnIds: meta.localFields.map((field) => field.name), dialect }),
    ...middle.map((field) => {
      const through = field.relation.through!;
      return tableShape(through.meta, { id: `${meta.key}.${field.name}`, columnIds: ["id", "source", "target"], dialect });
    }),
  ];
}

interface ShapeInput {
  id: string;
  columnIds: readonly string[];
  dialect: Dialect;
}

function tableShape(meta: ModelMeta, { id, columnIds, dialect }: ShapeInput): TableShape {
  const columns = meta.localFields.map((field, position) => columnShape(field, columnIds[position]!, dialect));
  const context: TableContext = { meta, columns, dialect };
  const declared = [...(meta.options.constraints ?? []), ...(meta.options.indexes ?? [])];
  const parts = oneOfEachName([
    ...primaryKeyShape(context),
    ...columns.flatMap((column) => fieldConstraints(column, context)),
    ...declared.flatMap((part) => partShapes(part, context)),
  ]);
  const indexed = columns.flatMap((column) => fieldIndexes(column, context, parts));
  return {
    id,
    name: meta.table,
    comment: dialect === "postgres" ? meta.options.dbTableComment : undefined,
    columns,
    constraints: parts.filter(isConstraint),
    indexes: [...indexed, ...parts.filter(isIndex)],
  };
}

/** What a model declares stands for what its fields would make under the same name. */
function oneOfEachName(parts: readonly PartShape[]): PartShape[] {
  return [...new Map(parts.map((part) => [part.name, part])).values()];
}
