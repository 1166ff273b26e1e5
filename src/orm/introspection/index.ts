export { modelName } from "./described-names.ts";
export { describeTables } from "./describe-tables.ts";
export { introspectionErrors } from "./errors.ts";
export { type MiddleTable, middleTables } from "./middle-tables.ts";
export { modelsSource } from "./models-source.ts";
export type { ModelElsewhere, ModelsSourceOptions } from "./models-source-options.ts";
export { selectTables } from "./select-tables.ts";
export type {
  CheckDescription,
  ColumnDescription,
  ForeignKeyDescription,
  IndexDescription,
  TableDescription,
} from "./table-description.ts";
