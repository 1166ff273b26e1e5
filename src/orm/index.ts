export { checkModels } from "./checks.ts";
export { aliasFor, type Database, database, databaseFor, useDatabases } from "./database/database.ts";
export {
  DatabaseError,
  DataError,
  IntegrityError,
  OperationalError,
  ProgrammingError,
  SerializationError,
} from "./database/database-errors.ts";
export type { DatabaseSettings } from "./database/database-settings.ts";
export { connectionCreated, type CreatedConnection } from "./database/connection-created.ts";
export { databaseErrors } from "./database/errors.ts";
export {
  countQueries,
  listenToQueries,
  type LoggedQuery,
  onQuery,
  queryLog,
  type QueryWrapper,
  type RunningQuery,
  wrapQueries,
} from "./database/query-watch.ts";
export {
  type DatabaseRouter,
  type DatabaseUse,
  type MigrationHints,
  readOwnWrites,
  type RoutingHints,
  type RoutingOptions,
} from "./database/routing.ts";
export { inTransaction, onCommit, savepoint, setRollback, transaction } from "./database/transaction.ts";
export type { CommitOptions, Isolation, Savepoint, TransactionOptions } from "./database/transaction-options.ts";
export { openDatabase, type OpenOptions } from "./database/open-database.ts";
export { failOnQueriesInLoops, type LoopOptions } from "./database/queries-in-loops.ts";
export { collectDeletion, type DeletionPlan } from "./deletion/collector.ts";
export { type DeletionCounts, deleteRows } from "./deletion/run-deletion.ts";
export { ormErrors } from "./errors.ts";
export { type Converter, type DeconstructedField, Field } from "./fields/field.ts";
export { type BinaryField, binary, type BinaryOptions } from "./fields/binary-field.ts";
export type { Choice, ChoiceGroup, Choices, ChoiceSource } from "./fields/choices.ts";
export { decimal, type DecimalField } from "./fields/decimal-field.ts";
export { duration, type DurationField } from "./fields/duration-field.ts";
export {
  type Enumeration,
  type EnumerationOf,
  type EnumerationOptions,
  integerChoices,
  textChoices,
  valueChoices,
} from "./fields/enumerations.ts";
export type { FieldValue, Presence, PresenceOf } from "./fields/field-typing.ts";
export type { DecimalFieldOptions, FieldOptions, SlugOptions, TextOptions, TimeOptions } from "./fields/field-options.ts";
export { FieldFile, upload } from "./fields/files/field-file.ts";
export { imageSize, type ImageSize } from "./fields/files/image-size.ts";
export { file, type FileField, type FileOptions, image, type ImageField, type ImageOptions } from "./fields/files/file-field.ts";
export { filePath, FilePathField, type FilePathOptions } from "./fields/file-path-field.ts";
export { generated, type GeneratedField, type GeneratedOptions } from "./fields/generated-field.ts";
export { genericIPAddress, type IPAddressField, type IPAddressOptions } from "./fields/ip-address-field.ts";
export { json, type JsonField, type JsonOptions } from "./fields/json-field.ts";
export { boolean, type BooleanField } from "./fields/boolean-field.ts";
export {
  auto,
  bigAuto,
  bigInteger,
  type BigIntegerField,
  float,
  type FloatField,
  integer,
  type IntegerField,
  positiveBigInteger,
  positiveInteger,
  positiveSmallInteger,
  smallAuto,
  smallInteger,
} from "./fields/number-fields.ts";
export {
  type LimitChoicesTo,
  type OnDelete,
  type Relation,
  type RelationTarget,
  set,
  type SetOnDelete,
} from "./fields/relations/relation.ts";
export { type CompositeKey, compositePrimaryKey } from "./fields/composite-key.ts";
export { type GenericForeignKey, genericForeignKey, genericRelation } from "./fields/relations/generic-relation.ts";
export { ForeignKeyField, type ForeignKeyOptions } from "./fields/relations/foreign-key.ts";
export { ManyToManyField, type ManyToManyOptions } from "./fields/relations/many-to-many.ts";
export type { RelatedDeclaration } from "./fields/relations/related-declaration.ts";
export { child, foreignKey, manyToMany, oneToOne, related } from "./fields/relations/relation-fields.ts";
export { char, email, slug, text, type TextField, url } from "./fields/text-fields.ts";
export { uuid, type UuidField } from "./fields/uuid-field.ts";
export { date, dateTime, type DateTimeField, type PlainField, time } from "./fields/time-fields.ts";
export { buildModel, type BuildModelOptions } from "./model/build-model.ts";
export { type Member, ModelMeta } from "./model/meta.ts";
export { extend, type ExtendedModel, proxy } from "./model/extend.ts";
export { isModelClass, type ModelClass } from "./model/model-class.ts";
export { Model, type ModelBase, type Row, type RowMethods } from "./model/model.ts";
export {
  check,
  type CheckConstraint,
  type Constraint,
  exclusion,
  type ExclusionConstraint,
  type ExclusionOptions,
  unique,
  type UniqueConstraint,
  type UniqueOptions,
} from "./model/rules/constraints.ts";
export { type Index, index, type IndexMethod, type IndexOptions } from "./model/rules/indexes.ts";
export type { ModelOptions } from "./model/model-options.ts";
export { refusedConstraint, type RefusedConstraint } from "./model/rules/refused-constraint.ts";
export type { SchemaCondition, SchemaKey, SchemaKeys, SchemaSql, SqlKey } from "./model/rules/schema-sql.ts";
export { DoesNotExist, MultipleObjectsReturned, NotUpdated } from "./model/query-errors.ts";
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
export { nextInOrder, orderOf, previousInOrder, setOrder } from "./model/rows/row-order.ts";
export { rowKey, type RowState, rowState } from "./model/rows/row-identity.ts";
export type { RefreshOptions } from "./model/rows/refresh-instance.ts";
export type { SaveOptions } from "./model/saving/save-instance.ts";
export {
  classPrepared,
  type DeleteSignal,
  m2mChanged,
  type ManyToManySignal,
  type ModelSignal,
  postDelete,
  postInit,
  postSave,
  preDelete,
  preInit,
  preSave,
  type SaveSignal,
} from "./signals/model-signals.ts";
export { type Dialect, placeholder, quoteName, snakeCase } from "./names.ts";
export { type ConditionInput, Q } from "./query/conditions.ts";
export {
  anyValue,
  avg,
  bitAnd,
  bitOr,
  bitXor,
  boolAnd,
  boolOr,
  count,
  max,
  min,
  stdDev,
  stringAgg,
  sum,
  variance,
} from "./expressions/aggregates.ts";
export { cast } from "./expressions/cast.ts";
export { caseWhen, coalesce, greatest, least, nullIf, type When, when } from "./expressions/conditional.ts";
export { extract, now, trunc, truncDate, truncTime, type ZoneOptions } from "./expressions/dates.ts";
export type { DatePart, TruncPart } from "./expressions/date-sql.ts";
export {
  type AggregateOptions,
  Condition,
  Expression,
  type Operand,
  OrderExpression,
  type OrderOptions,
  type SampleOptions,
  type StringAggregateOptions,
} from "./expressions/expression.ts";
export { func, type FunctionOptions, type FunctionSql } from "./expressions/func.ts";
export { jsonArray, jsonObject } from "./expressions/json.ts";
export {
  abs,
  acos,
  asin,
  atan,
  atan2,
  ceil,
  cos,
  cot,
  degrees,
  exp,
  floor,
  ln,
  log,
  mod,
  pi,
  power,
  radians,
  random,
  round,
  sign,
  sin,
  sqrt,
  tan,
} from "./expressions/numbers.ts";
export { exists, outerRef, subquery } from "./expressions/sub-query.ts";
export {
  chr,
  collate,
  concat,
  left,
  length,
  lower,
  lPad,
  lTrim,
  md5,
  ord,
  repeat,
  replace,
  reverse,
  right,
  rPad,
  rTrim,
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
  strIndex,
  substr,
  trim,
  upper,
} from "./expressions/text.ts";
export { uuid4, uuid7 } from "./expressions/uuids.ts";
export { jsonNull, value } from "./expressions/value.ts";
export {
  cumeDist,
  denseRank,
  firstValue,
  type Frame,
  lag,
  lastValue,
  lead,
  nthValue,
  ntile,
  percentRank,
  rank,
  rowNumber,
  rowRange,
  valueRange,
  window,
  type WindowOptions,
} from "./expressions/windows.ts";
export {
  type CustomLookups,
  lookupNames,
  type LookupOptions,
  type LookupSql,
  registerLookup,
  registerTransform,
  type TransformOptions,
} from "./lookups/lookups.ts";
export { type DeclaredExpression, type DeclaredSql, declaredSql } from "./query/declared-sql.ts";
export { Manager, manager, managerFrom, type ManagerOf } from "./query/manager.ts";
export { type Kept, type KeptMethods, QueryMethods, type QueryOf, type queryType } from "./query/query-methods.ts";
export { type AnyQuery, QuerySet } from "./query/query-set.ts";
export type {
  AnnotationValues,
  CreateValues,
  InstanceValues,
  Loaded,
  Lookups,
  Prefetched,
  Refs,
  UpdateValues,
  Where,
} from "./query/typing.ts";
export type { BulkCreateOptions } from "./query/writes/bulk-create.ts";
export type { BulkUpdateOptions } from "./query/writes/bulk-update.ts";
export { deferredFields, loadFields } from "./query/load-fields.ts";
export { type RawOptions, RawQuery } from "./query/raw-query.ts";
export { Sql, sql, type SqlOptions } from "./query/sql-tag.ts";
export { rowsOf } from "./query/sources/rows-of.ts";
export { Cte, cte, type CteOptions, recursive, type RecursiveQuery } from "./query/sources/cte.ts";
export type { ExplainOptions } from "./query/explain.ts";
export type { Page, PageOptions } from "./query/keyset.ts";
export type { LockOptions } from "./query/query-state.ts";
export { prefetch, type Prefetch } from "./relations/prefetch.ts";
export { prefetchRelated } from "./relations/prefetch-related.ts";
export { Pending } from "./relations/pending.ts";
export { type LoadedRows, RelatedManager, type ThroughOptions } from "./relations/related-manager.ts";
