export { type Database, database, onCommit, transaction, useDatabases } from "./database/database.ts";
export { openDatabase, type OpenOptions } from "./database/open-database.ts";
export { ormErrors } from "./errors.ts";
export { columnDefinition } from "./fields/column-definition.ts";
export { type Converter, type DeconstructedField, Field } from "./fields/field.ts";
export type { Choices, DecimalFieldOptions, FieldOptions, TextOptions, TimeOptions } from "./fields/field-options.ts";
export {
  auto,
  bigAuto,
  bigInteger,
  boolean,
  decimal,
  float,
  integer,
  positiveInteger,
  positiveSmallInteger,
  smallInteger,
} from "./fields/number-fields.ts";
export type { OnDelete, Relation, RelationTarget } from "./fields/relation.ts";
export {
  foreignKey,
  ForeignKeyField,
  type ForeignKeyOptions,
  manyToMany,
  ManyToManyField,
  type ManyToManyOptions,
  oneToOne,
  related,
} from "./fields/relation-fields.ts";
export { char, email, slug, text, url, uuid } from "./fields/text-fields.ts";
export { date, dateTime, json, time } from "./fields/time-fields.ts";
export { buildModel, type BuildModelOptions } from "./model/build-model.ts";
export { type Member, ModelMeta } from "./model/meta.ts";
export { isModelClass, type ModelClass } from "./model/model-class.ts";
export { check, type Constraint, type Index, index, type ModelOptions, unique } from "./model/model-options.ts";
export { DoesNotExist, MultipleObjectsReturned } from "./model/query-errors.ts";
export {
  clearModels,
  getModel,
  modelForKey,
  registeredModels,
  registerModels,
  registerSwappable,
  type ReverseRelation,
  swappableModel,
} from "./model/registry.ts";
export { type Dialect, placeholder, quoteName, snakeCase } from "./names.ts";
