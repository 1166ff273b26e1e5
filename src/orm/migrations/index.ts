export type { Answer, Ask, GivenAnswers, Question } from "./autodetector/questions.ts";
export { checkMigrations } from "./checks.ts";
export { createTables, dropTables } from "./commands/create-tables.ts";
export { lintMigrations, type LintOptions } from "./commands/lint-migrations.ts";
export { makeMigrations, type MakeMigrationsOptions } from "./commands/make-migrations.ts";
export { type MigrateOptions, migrateProject, type MigrationResult, type PlanEntry } from "./commands/migrate-project.ts";
export type { RenamedModel } from "./commands/rename-model-keys.ts";
export {
  type AppMigrations,
  type PlannedStep,
  showMigrations,
  showPlan,
  unappliedMigrations,
} from "./commands/show-migrations.ts";
export { optimizeMigration, type OptimizedMigration } from "./commands/optimize-migration.ts";
export { type SquashedMigration, squashMigrations, type SquashMigrationsOptions } from "./commands/squash-migrations.ts";
export { sqlMigrate } from "./commands/sql-migrate.ts";
export type { WrittenMigration } from "./commands/write-migrations.ts";
export { migrationSource } from "./files/write-migration.ts";
export { migrationErrors } from "./errors.ts";
export { existingColumns } from "./schema/existing-columns.ts";
export type { MigrationEvent } from "./execution/executor.ts";
export type { LintNote } from "./lint/lint-migration.ts";
export type { Risk, RiskKind } from "./lint/risk.ts";
export { registerFieldKind } from "./state/field-builders.ts";
export type { FieldDeclaration, FieldState } from "./state/field-state.ts";
export type { HistoricalModels } from "./state/historical-models.ts";
export { type MigrateSignal, postMigrate, preMigrate } from "./execution/migration-signals.ts";
export { migration, type MigrationDeclaration, type MigrationOptions, type MigrationReference } from "./migration.ts";
export {
  copyRows,
  type CopyRowsOptions,
  type RowsCopy,
  setTablesAside,
  type SetTablesAsideOptions,
} from "./operations/adopt-operations.ts";
export {
  addField,
  type AddFieldOptions,
  alterField,
  type AlterFieldOptions,
  removeField,
  renameField,
} from "./operations/field-operations.ts";
export {
  alterModelOptions,
  alterModelTable,
  alterModelTableComment,
  alterOrderWithRespectTo,
  createModel,
  type CreateModelOptions,
  deleteModel,
} from "./operations/model-operations.ts";
export type { Operation, OperationContext, RoutingHints, SchemaEditor, SchemaHints } from "./operations/operation.ts";
export {
  addConstraint,
  type AddConstraintOptions,
  addIndex,
  alterConstraint,
  type IndexOperation,
  removeConstraint,
  removeIndex,
  renameIndex,
  validateConstraint,
} from "./operations/part-operations.ts";
export {
  bloomExtension,
  btreeGinExtension,
  btreeGistExtension,
  citextExtension,
  type CollationOptions,
  createCollation,
  createExtension,
  cryptoExtension,
  hstoreExtension,
  removeCollation,
  trigramExtension,
  unaccentExtension,
} from "./operations/postgres-operations.ts";
export { moveModel, type MoveModelOptions, renameModel } from "./operations/rename-operations.ts";
export {
  run,
  type RunContext,
  type RunOptions,
  runSQL,
  type RunSQLOptions,
  separateDatabaseAndState,
  type SeparateOptions,
} from "./operations/run-operations.ts";
export { type StateOptions, type ModelState, ProjectState } from "./state/project-state.ts";
