export { describeTables } from "./describe-tables.ts";
export { introspectionErrors } from "./errors.ts";
export { modelsSource, type ModelsSourceOptions } from "./models-source.ts";
export { selectTables } from "./select-tables.ts";
export type {
  CheckDescription,
  ColumnDescription,
  ForeignKeyDescription,
  IndexDescription,
  TableDescription,
} from "./table-description.ts";
