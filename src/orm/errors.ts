import { defineErrors, didYouMean } from "#kernel";

const list = (names: readonly string[]) => names.join(", ");

/** Every error of models and queries, by its code. `throw ormErrors.ORM_NOT_SAVED({ … })` */
/** Lookups of texts that are there once PostgreSQL's door is imported. */
const ofPostgres: ReadonlySet<string> = new Set([
  "search",
  "trigramSimilar",
  "trigramWordSimilar",
  "trigramStrictWordSimilar",
  "unaccent",
]);

export const ormErrors = defineErrors({
  /** A query, an ordering or a form names a field that the model does not have. */
  ORM_UNKNOWN_FIELD: (d: { model: string; given: string; known: readonly string[] }) => ({
    message: `${d.model} has no field "${d.given}". It has: ${list(d.known)}.`,
    hint: didYouMean(d.given, d.known),
  }),
  /** A filter compares a field in a way that does not exist. */
  ORM_UNKNOWN_LOOKUP: (d: { field: string; given: string; known: readonly string[] }) => ({
    message: `${d.field} cannot be compared with "${d.given}". The lookups are: ${list(d.known)}.`,
    hint: ofPostgres.has(d.given) ? 'It comes with: import "cortado/orm/postgres".' : didYouMean(d.given, d.known),
  }),
  /** A filter was given `undefined`, which would silently widen the query. */
  ORM_UNDEFINED_VALUE: (d: { model: string; field: string }) => ({
    message: `The value for ${d.model}.${d.field} is undefined. A missing value must not widen or empty a query.`,
    hint: "Pass a value; use null (or isNull: true) for rows without one, or leave the key out.",
  }),
  /** A lookup was given a value that it cannot compare with. */
  ORM_BAD_LOOKUP_VALUE: (d: { field: string; lookup: string; given: string; wanted: string }) => ({
    message: `The lookup "${d.lookup}" on ${d.field} was given ${d.given}. It takes ${d.wanted}.`,
  }),
  /** What PostgreSQL alone has is asked of SQLite. */
  ORM_POSTGRES_ONLY: (d: { what: string; hint?: string }) => ({
    message: `${d.what} needs PostgreSQL, and the database is SQLite.`,
    hint: d.hint ?? "Set the database's url to postgres://…, or route the model to such a database.",
  }),
  /** A value cannot be stored in its column. */
  ORM_BAD_VALUE: (d: { field: string; given: string; wanted: string; cause?: unknown }) => ({
    message: `${d.field} cannot hold ${d.given}. It takes ${d.wanted}.`,
    cause: d.cause,
  }),
  /** A model is used before an app that lists it was registered. */
  ORM_MODEL_NOT_REGISTERED: (d: { model: string }) => ({
    message: `The model ${d.model} does not belong to an app yet, so it has no name and no table.`,
    hint: "List it in an app's models (defineApp({ name, models })) and the app in the project's apps.",
  }),
  /** A model is asked for by a key that no registered model has. */
  ORM_UNKNOWN_MODEL: (d: { given: string; known: readonly string[] }) => ({
    message: `There is no model "${d.given}". The models are: ${list(d.known) || "none"}.`,
    hint: didYouMean(d.given, d.known) ?? 'A model\'s key is "app.Model", as in "shop.Coffee".',
  }),
  /** A relation's thunk gave something that is not a model. */
  ORM_RELATION_TARGET: (d: { field: string; given: string }) => ({
    message: `${d.field} relates to ${d.given}, which is not a model class or an "app.Model" key.`,
    hint: "Check the import: in a cycle of model files, relations must be thunks.",
  }),
  /** A relation is declared directly instead of by a function. */
  ORM_RELATION_NOT_THUNK: (d: { field: string; kind: string }) => ({
    message: `The relation "${d.field}" is declared directly. Relations are always functions, so that models can refer to each other.`,
    hint: `Write ${d.field}: () => ${d.kind}(…).`,
  }),
  /** A foreign key leads to a model whose primary key has several fields, which one column cannot hold. */
  ORM_COMPOSITE_TARGET: (d: { field: string; model: string; parts: readonly string[] }) => ({
    message: `${d.field} cannot refer to ${d.model}, whose primary key has several fields: ${list(d.parts)}.`,
    hint: `Refer to a unique field of it with toField, or give ${d.model} a key of one field and make the others unique together.`,
  }),
  /** What was given as a field is not one. */
  ORM_NOT_A_FIELD: (d: { field: string; given: string }) => ({
    message: `"${d.field}" is declared as ${d.given}, which is not a field.`,
    hint: "Use a field function, as in name: char({ maxLength: 30 }), or a function that gives a relation.",
  }),
  /** A field has a name that models use themselves. */
  ORM_RESERVED_FIELD_NAME: (d: { field: string }) => ({
    message: `A field cannot be named "${d.field}": every model has a member of that name.`,
    hint: `Choose another name; dbColumn keeps the column: ${d.field}Value: char({ dbColumn: "${d.field}" }).`,
  }),
  /** A field's name cannot be written as a property and a lookup. */
  ORM_BAD_FIELD_NAME: (d: { field: string }) => ({
    message: `"${d.field}" cannot be a field's name. A name is letters and digits, begins with a letter and has no double underscore.`,
  }),
  /** A file's address is asked for before its row was saved. */
  ORM_FILE_NOT_STORED: (d: { name: string; field: string }) => ({
    message: `The file "${d.name}" of ${d.field} is not stored yet, so it has no address.`,
    hint: "await row.save() first: it stores the files of the row.",
  }),
  /** A model's class body declares a property that is a field, which would overwrite the values of every row. */
  ORM_FIELD_REDECLARED: (d: { model: string; field: string }) => ({
    message: `The class ${d.model} declares the property "${d.field}", which overwrites the field of that name on every row.`,
    hint: `Remove it from the class body: Model() types the field. A first value is the field's default: ${d.field}: char({ default: "…" }).`,
  }),
  /** A field is declared with an option that it does not have, or a wrong value of one. */
  ORM_BAD_FIELD_OPTION: (d: { field: string; reason: string; hint?: string }) => ({
    message: `The field ${d.field} is declared wrongly: ${d.reason}.`,
    hint: d.hint,
  }),
  /** An option of a model, such as an index or a constraint, is declared wrongly. */
  ORM_BAD_MODEL_OPTION: (d: { option: string; reason: string; hint?: string }) => ({
    message: `${d.option} is declared wrongly: ${d.reason}.`,
    hint: d.hint,
  }),
  /** The database refused a row: unique, foreign key, not null or check. */
  ORM_INTEGRITY: (d: { kind: string; constraint: string; fields: string; cause: unknown }) => ({
    message: `The database refused the row: ${d.kind}${d.fields ? ` (${d.fields})` : ""}${d.constraint ? `, constraint ${d.constraint}` : ""}.`,
    hint: integrityHints[d.kind],
    cause: d.cause,
  }),
  /** A row cannot be deleted because others refer to it with `onDelete: "protect"` or `"restrict"`. */
  ORM_PROTECTED: (d: { model: string; count: number; by: string }) => ({
    message: `Cannot delete ${d.count} row${d.count === 1 ? "" : "s"} of ${d.model}: referred to by ${d.by}.`,
    hint: "Delete or change the rows that refer to it first.",
  }),
  /** `get()` found no row. Thrown as the model's own `DoesNotExist`. */
  ORM_DOES_NOT_EXIST: (d: { model: string }) => ({
    message: `No ${d.model} matches the query.`,
    hint: "first() gives null instead of an error.",
  }),
  /** `get()` found several rows. Thrown as the model's own `MultipleObjectsReturned`. */
  ORM_MULTIPLE_OBJECTS: (d: { model: string }) => ({
    message: `More than one ${d.model} matches a query that must have one.`,
    hint: "Filter by a unique field, or use first().",
  }),
  /** `save()` found that the row it updates is gone. Thrown as the model's own `NotUpdated`. */
  ORM_NOT_UPDATED: (d: { model: string }) => ({
    message: `This ${d.model} was not updated: its row is not in the database any more.`,
    hint: "save({ forceInsert: true }) inserts it anew.",
  }),
  /** `extend()` or `proxy()` is given what a model cannot come from. */
  ORM_BAD_BASE: (d: { reason: string }) => ({
    message: `${d.reason}.`,
    hint: "extend() takes a model, or several of which at most one has a table; proxy() takes a model with a table.",
  }),
  /** A child declares a field that its parent, whose table has the column, has already. */
  ORM_FIELD_CLASH: (d: { model: string; field: string; parent: string }) => ({
    message: `${d.model} declares "${d.field}", which it has from ${d.parent}.`,
    hint: "Give it another name. Only fields of abstract bases can be declared anew.",
  }),
  /** `save()` was given options that contradict each other, or what the row is. */
  ORM_BAD_SAVE: (d: { model: string; reason: string; hint: string }) => ({
    message: `This ${d.model} cannot be saved: ${d.reason}.`,
    hint: d.hint,
  }),
  /** A database's address cannot be read. */
  ORM_BAD_DATABASE_URL: (d: { given: string; reason: string }) => ({
    message: `The database URL "${d.given}" ${d.reason}.`,
    hint: 'Write "sqlite:db.sqlite3", "sqlite::memory:" or "postgres://user:password@host:5432/name".',
  }),
  /** The database cannot be reached or opened. */
  ORM_CANNOT_CONNECT: (d: { url: string; reason: string; cause: unknown }) => ({
    message: `Cannot open the database ${d.url}: ${d.reason}.`,
    hint: "Check the address, that the server runs and that the folder exists.",
    cause: d.cause,
  }),
  /** A query ran before a project or a test opened a database. */
  ORM_NO_DATABASE: (d: { alias: string; known: readonly string[] }) => ({
    message: `There is no database "${d.alias}". Open: ${list(d.known) || "none"}.`,
    hint: "Open the project first, or call useDatabases({ default: await openDatabase(url) }).",
  }),
  /** A table is missing. */
  ORM_MISSING_TABLE: (d: { table: string; cause: unknown }) => ({
    message: `The table ${d.table} does not exist.`,
    hint: "Run: npx cortado migrate. For a model that is new: npx cortado makemigrations before it",
    cause: d.cause,
  }),
  /** A column is missing: the model is ahead of the table. */
  ORM_MISSING_COLUMN: (d: { column: string; cause: unknown }) => ({
    message: `The column ${d.column} does not exist.`,
    hint: "Run: npx cortado makemigrations, then npx cortado migrate",
    cause: d.cause,
  }),
  /** The database refused the SQL. */
  ORM_QUERY_FAILED: (d: { reason: string; sql: string; hint?: string | undefined; cause: unknown }) => ({
    message: `The database refused the query: ${d.reason}.\n  ${d.sql}`,
    hint: d.hint,
    cause: d.cause,
  }),
  /** The database stayed locked by another process for the whole time-out. */
  ORM_DATABASE_BUSY: (d: { url: string; milliseconds: number; cause: unknown }) => ({
    message: `The database ${d.url} stayed locked by another process for ${d.milliseconds} ms.`,
    hint: "Keep transactions short, or raise the time-out: sqlite:db.sqlite3?timeout=10000",
    cause: d.cause,
  }),
  /** The database was closed. */
  ORM_DATABASE_CLOSED: (d: { url: string }) => ({ message: `The database ${d.url} is closed.` }),
  /** An instance without a primary key is used where a stored row is needed. */
  ORM_NOT_SAVED: (d: { model: string; use: string }) => ({
    message: `This ${d.model} is not in the database yet, so ${d.use}.`,
    hint: "await instance.save() first.",
  }),
  /** A whole instance was about to be written as JSON, hidden fields and all. */
  ORM_NOT_JSON: (d: { model: string }) => ({
    message: `A whole ${d.model} does not go into JSON: it may hold fields that nobody meant to send.`,
    hint: 'Name the fields: instance.pick("id", "name") or .values("id", "name"), or define toJSON() on the model.',
  }),
  /** A query method was called on a query that cannot do it any more. */
  ORM_BAD_QUERY: (d: { reason: string; hint?: string }) => ({ message: d.reason, hint: d.hint }),
  /** A time zone is named that this system does not know. */
  ORM_UNKNOWN_TIME_ZONE: (d: { given: string; cause?: unknown }) => ({
    message: `There is no time zone "${d.given}".`,
    hint: 'Give a name of the IANA database, "Asia/Seoul", or an offset, "+09:00".',
    cause: d.cause,
  }),
  /** A pattern of `regex` took too long; SQLite runs it in this process. */
  ORM_SLOW_PATTERN: (d: { pattern: string; milliseconds: number }) => ({
    message: `The pattern ${JSON.stringify(d.pattern)} of a regex lookup took longer than ${d.milliseconds} ms, so the query was stopped.`,
    hint: "Avoid repeats inside repeats, as in (a+)+; take no patterns from strangers.",
  }),
  /** A line of the program sent the same query again and again, in view of `failOnQueriesInLoops()`. */
  ORM_QUERY_IN_LOOP: (d: { line: string; times: number; sql: string; advice: string }) => ({
    message: `${d.line} sends the same query for the ${d.times}th time: a query in a loop.\n  ${d.sql}`,
    hint: d.advice,
  }),
  /** A relation or field was read that the query left out. */
  ORM_DEFERRED_FIELD: (d: { model: string; field: string }) => ({
    message: `${d.model}.${d.field} was left out by only() or defer().`,
    hint: "await instance.refresh() loads the whole row.",
  }),
});

const integrityHints: Record<string, string> = {
  "not unique": "Another row has this value. Use getOrCreate() or updateOrCreate(), or validate with fullClean().",
  "foreign key": "The row it refers to does not exist, or is still referred to.",
  "must not be null": "Give the field a value, or declare it with null: true.",
};
