import { defineErrors } from "#kernel";
import { DatabaseError } from "../database/database-errors.ts";

const list = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));

/** With the point that a message of somebody else may lack. */
const sentence = (text: string): string => (/[.!?]\s*$/.test(text) ? text : `${text}.`);

/** The line of the migration's file that an error came from: \`, line 12:5 of its file\`. */
function lineIn(migration: string, cause: unknown): string {
  const file = migration.slice(migration.indexOf(".") + 1);
  const places = (cause instanceof Error && cause.stack?.match(/[^/\\]+:\d+:\d+/g)) || [];
  const place = places.find((one) => one.replace(/\.[cm]?[jt]s:.*/, "") === file);
  return place === undefined ? "" : `, line ${place.split(":").slice(1).join(":")} of its file`;
}

/** What the error itself says to do; what the database's errors say is for programs. */
function hintOf(cause: unknown): string {
  const { hint } = (cause ?? {}) as { hint?: string };
  return hint && !(cause instanceof DatabaseError) ? `${sentence(hint)} ` : "";
}

/** Where in its history something was not there. */
const at = (place: string | undefined): string => (place === undefined ? "At this point of its migrations," : `At ${place}:`);

const asLeft = "An operation names things as the operations before it have left them.";

/** The errors of migrations, by code. */
export const migrationErrors = defineErrors({
  /** An operation names a model that the migrations before it did not create. */
  MIGRATIONS_UNKNOWN_MODEL: (d: {
    place?: string | undefined;
    app: string;
    name: string;
    known: readonly string[];
    hint: string | undefined;
  }) => ({
    message: `${at(d.place)} ${d.app} has no model "${d.name}". It has: ${list(d.known)}.`,
    hint: d.hint ?? (d.known.length > 0 ? asLeft : `Where ${d.app} has no migrations yet: npx cortado makemigrations ${d.app}.`),
  }),
  /** An operation names a field that the migrations before it did not add. */
  MIGRATIONS_UNKNOWN_FIELD: (d: {
    place?: string | undefined;
    model: string;
    name: string;
    known: readonly string[];
    hint: string | undefined;
  }) => ({
    message: `${at(d.place)} ${d.model} has no field "${d.name}". It has: ${list(d.known)}.`,
    hint: d.hint ?? asLeft,
  }),
  /** An operation names an index or a constraint that the migrations before it did not add. */
  MIGRATIONS_UNKNOWN_PART: (d: {
    place?: string | undefined;
    model: string;
    what: string;
    name: string;
    known: readonly string[];
    hint: string | undefined;
  }) => ({
    message: `${at(d.place)} ${d.model} has no ${d.what} "${d.name}". It has: ${list(d.known)}.`,
    hint: d.hint ?? asLeft,
  }),
  /** A migration writes a field of a kind that no builder makes. */
  MIGRATIONS_UNKNOWN_KIND: (d: { kind: string; known: readonly string[]; hint: string | undefined }) => ({
    message: `No field is of the kind "${d.kind}". The kinds are: ${list(d.known)}.`,
    hint: d.hint ?? `Tell of a kind of your own where models are imported: registerFieldKind("${d.kind}", { … }).`,
  }),
  /** A command names an app that the project does not have. */
  MIGRATIONS_UNKNOWN_APP: (d: { app: string; known: readonly string[]; hint: string | undefined }) => ({
    message: `The project has no app "${d.app}". Its apps are: ${list(d.known)}.`,
    hint: d.hint ?? "List the app in cortado.config.ts.",
  }),
  /** A command names an app whose folder holds no migrations. */
  MIGRATIONS_NO_MIGRATIONS: (d: { app: string }) => ({
    message: `The app ${d.app} has no migrations.`,
    hint: `Write its first one: cortado makemigrations ${d.app}`,
  }),
  /** A command names a migration that the app does not have. */
  MIGRATIONS_UNKNOWN_MIGRATION: (d: { app: string; name: string; known: readonly string[]; hint: string | undefined }) => ({
    message: `The app ${d.app} has no migration "${d.name}". It has: ${list(d.known)}.`,
    hint: d.hint ?? `A unique beginning of a name is enough; "zero" means before the first.`,
  }),
  /** A shortened migration name fits several migrations. */
  MIGRATIONS_AMBIGUOUS_NAME: (d: { app: string; name: string; matches: readonly string[] }) => ({
    message: `"${d.name}" is the beginning of several migrations of ${d.app}: ${list(d.matches)}.`,
    hint: "Write more of the name.",
  }),
  /** A migration depends on one that does not exist. */
  MIGRATIONS_MISSING_DEPENDENCY: (d: { migration: string; dependency: string; hint: string | undefined }) => ({
    message: `The migration ${d.migration} depends on ${d.dependency}, which does not exist.`,
    hint: d.hint ?? "Restore the file, or correct the dependency.",
  }),
  /** Migrations depend on one another in a ring. */
  MIGRATIONS_CYCLE: (d: { cycle: readonly string[] }) => ({
    message: `These migrations depend on one another in a ring: ${d.cycle.join(" → ")}.`,
    hint: "Move the operation that needs the other app into a later migration of its own.",
  }),
  /** An app has several migrations that nothing follows: two branches were brought together. */
  MIGRATIONS_CONFLICT: (d: { app: string; leaves: readonly string[] }) => ({
    message: `The app ${d.app} has several last migrations: ${list(d.leaves)}.`,
    hint: "Join them: cortado makemigrations --merge",
  }),
  /** `makemigrations --merge` found nothing to merge. */
  MIGRATIONS_NOTHING_TO_MERGE: (d: { apps: readonly string[] }) => ({
    message: `There is nothing to merge: each of ${list(d.apps)} has at most one last migration.`,
    hint: "Branches are joined where an app has several: cortado showmigrations",
  }),
  /** A file in a migrations folder is not a migration. */
  MIGRATIONS_BAD_FILE: (d: { file: string; reason: string; cause?: unknown }) => ({
    message: `${d.file} is not a migration: ${d.reason}.`,
    hint: "Write `export default migration({ dependencies: [], operations: [] })`.",
    cause: d.cause,
  }),
  /** A new migration cannot be written because its app has no folder. */
  MIGRATIONS_NO_DIRECTORY: (d: { app: string }) => ({
    message: `The app ${d.app} says no directory, so its migrations have nowhere to be written.`,
    hint: "Write `directory: import.meta.dirname` in its defineApp.",
  }),
  /** `makemigrations --empty` or `--rebase` was not told for which app. */
  MIGRATIONS_NEEDS_APP: (d: { flag: "--empty" | "--rebase MIGRATION" }) => ({
    message: `${d.flag} is about one app, and none was named.`,
    hint: `Name it: cortado makemigrations shop ${d.flag}`,
  }),
  /** A name given to a new migration cannot be a file's name. */
  MIGRATIONS_BAD_NAME: (d: { name: string }) => ({
    message: `"${d.name}" cannot name a migration. A name is made of letters, digits and underscores.`,
    hint: "The number is put before it: --name coffee_price",
  }),
  /** A difference may be a rename or a removal with an addition; nobody could be asked. */
  MIGRATIONS_RENAME_UNANSWERED: (d: { what: string; happened: string; from: string; to: string; flag: string }) => ({
    message: `Was the ${d.what} ${d.from} ${d.happened} to ${d.to}? There is no terminal to ask on, and a wrong guess loses data.`,
    hint: `Answer with ${d.flag} if it was, or with --no-rename if it was not.`,
  }),
  /** A `--rename` names something that was not removed, or a new name that was not added. */
  MIGRATIONS_BAD_RENAME: (d: { given: string; possible: readonly string[]; hint: string | undefined }) => ({
    message: `--rename ${d.given} answers no question. The possible ones are: ${list(d.possible)}.`,
    hint: d.hint,
  }),
  /** Rows that exist need a value for a column that may not be empty; nobody could be asked. */
  MIGRATIONS_FILL_UNANSWERED: (d: { field: string; added: boolean }) => ({
    message: `${d.field} ${d.added ? "is new" : "becomes required"} and has no default: rows that exist need a value for it.`,
    hint: `Give one with --default ${d.field}=VALUE, or declare the field with a default or \`null: true\`.`,
  }),
  /** A new unique field has a default that would give every row that exists the same value, or was called once for all of them. */
  MIGRATIONS_UNIQUE_DEFAULT: (d: { field: string }) => ({
    message: `${d.field} is new and unique, and its default would give all rows that exist one value.`,
    hint: `Add it with \`null: true\` and without \`unique\`, fill it with run() in a migration of its own, then make it unique. For a table with one row at most: --default ${d.field}=VALUE`,
  }),
  /** The value given for existing rows is not one that the field takes. */
  MIGRATIONS_BAD_FILL: (d: { field: string; given: string; reason: string }) => ({
    message: `"${d.given}" cannot fill ${d.field}: ${d.reason}`,
    hint: `Give another value: --default ${d.field}=VALUE`,
  }),
  /** A `--default` names a field whose rows need no value. */
  MIGRATIONS_UNUSED_FILL: (d: { field: string; possible: readonly string[]; hint: string | undefined }) => ({
    message: `--default ${d.field}=… answers no question. Fields that need a value: ${list(d.possible)}.`,
    hint: d.hint,
  }),
  /** A column becomes required while rows have no value for it. */
  MIGRATIONS_NULLS_LEFT: (d: { field: string; rows: number }) => ({
    message: `${d.rows} row${d.rows === 1 ? " has" : "s have"} no value for ${d.field}, which becomes required.`,
    hint: "Give the operation a `fill`, or fill the rows by a `run` before it.",
  }),
  /** A column changes its type while rows have values that are none of the new one. */
  MIGRATIONS_UNFIT_VALUES: (d: { field: string; from: string; to: string; reason: string }) => ({
    message: `${d.field} cannot go from ${d.from} to ${d.to}: ${d.reason}.`,
    hint: "Mend the values by a `run` before the operation, or add a new field and fill it from the old one.",
  }),
  /** A table has something that the database cannot keep. */
  MIGRATIONS_UNSUPPORTED: (d: { what: string; hint: string }) => ({ message: `${d.what}.`, hint: d.hint }),
  /** A view or a trigger reads a column or a table that a migration takes away. */
  MIGRATIONS_BROKEN_DEPENDENT: (d: { what: string; reason: string }) => ({
    message: `The ${d.what} would not work any more: ${d.reason}`,
    hint: "Drop it by a runSQL before the operation, and make it again after it.",
  }),
  /** A migration cannot be undone because one of its operations has no way back. */
  MIGRATIONS_IRREVERSIBLE: (d: { migration: string; operation: string }) => ({
    message: `${d.migration} cannot be undone: "${d.operation}" has no way back.`,
    hint: "Give the operation its `backward`, or restore a backup.",
  }),
  /** The database refused an operation; the message says which one, and what has been applied before it. */
  MIGRATIONS_FAILED: (d: {
    migration: string;
    direction: "applying" | "undoing";
    operation: string;
    position: string;
    atomic: boolean;
    /** The operations of this migration that stay, as it is not atomic. */
    kept: readonly string[];
    applied: readonly string[];
    cause: unknown;
  }) => ({
    message:
      `${d.direction === "applying" ? "Applying" : "Undoing"} ${d.migration} failed at operation ${d.position}, ` +
      `"${d.operation}"${lineIn(d.migration, d.cause)}: ${sentence(d.cause instanceof Error ? d.cause.message : String(d.cause))} ` +
      (d.atomic
        ? "Nothing of this migration was kept. "
        : `It is not atomic; kept of it: ${list(d.kept.map((one) => `"${one}"`))}. `) +
      (d.applied.length === 0 ? "No migration was completed before it." : `Completed before it: ${list(d.applied)}.`),
    hint:
      d.atomic || d.kept.length === 0
        ? `${hintOf(d.cause)}Mend the migration or the data, and run migrate again.`
        : `Undo by hand what was kept, then run migrate again; or do the rest by hand and record it: cortado migrate ${d.migration.replace(".", " ")} --fake`,
    cause: d.cause,
  }),
  /** PostgreSQL did not get a lock that an operation needs in the time that migrations may wait. */
  MIGRATIONS_LOCK_TIMEOUT: (d: { migration: string; operation: string; position: string; seconds: number; cause: unknown }) => ({
    message: `${d.migration} waited ${d.seconds} s at operation ${d.position}, "${d.operation}", for a table that others use. It gave up, so that they do not wait behind it; nothing of it was kept.`,
    hint: "Run migrate again when the table is less busy, or let it wait longer: cortado migrate --lock-timeout 60",
    cause: d.cause,
  }),
  /** An operation that no transaction may hold stands in a migration that is one. */
  MIGRATIONS_NOT_ATOMIC: (d: { migration: string; operation: string }) => ({
    message: `"${d.operation}" cannot run inside a transaction, and ${d.migration} is one.`,
    hint: "Say `atomic: false` in the migration, with nothing else in it.",
  }),
  /** A database has a migration applied whose dependency it has not. */
  MIGRATIONS_INCONSISTENT: (d: { migration: string; dependency: string }) => ({
    message: `${d.migration} is applied, but ${d.dependency}, which it depends on, is not.`,
    hint: `Apply it, or record it: cortado migrate ${d.dependency.replace(".", " ")} --fake`,
  }),
  /** `makemigrations --merge` found branches whose changes come to something else in another order. */
  MIGRATIONS_MERGE_CLASH: (d: { app: string; leaves: readonly string[]; reason: string }) => ({
    message: `The branches of ${d.app} that end in ${list(d.leaves)} cannot be joined as they are: ${d.reason}.`,
    hint: `Let one follow the other, and look at what it changes: cortado makemigrations ${d.app} --rebase ${d.leaves.at(-1)}`,
  }),
  /** `makemigrations --rebase` names a migration that cannot follow the other branch. */
  MIGRATIONS_CANNOT_REBASE: (d: { migration: string; reason: string }) => ({
    message: `${d.migration} cannot be put after the other branch: ${d.reason}.`,
    hint: "Change its `dependencies` by hand, or join the branches: cortado makemigrations --merge",
  }),
  /** `makemigrations --update` has no last migration that it may change. */
  MIGRATIONS_CANNOT_UPDATE: (d: { app: string; reason: string }) => ({
    message: `The last migration of ${d.app} cannot be updated: ${d.reason}.`,
    hint: "Leave --update out: a new migration is written.",
  }),
  /** `squashmigrations` was given nothing, or a single migration, to squash. */
  MIGRATIONS_NOTHING_TO_SQUASH: (d: { app: string; reason: string }) => ({
    message: `There is nothing to squash in ${d.app}: ${d.reason}.`,
    hint: "Name a later migration, or leave the first one out.",
  }),
  /** A squashed migration would depend on one that depends on it. */
  MIGRATIONS_SQUASH_CYCLE: (d: { app: string; cycle: readonly string[] }) => ({
    message: `Squashed like this, the migrations of ${d.app} would depend on one another in a ring: ${d.cycle.join(" → ")}.`,
    hint: "Squash a shorter range, or every app of the project together: cortado squashmigrations --all",
  }),
  /** A squash of the whole project would leave out steps that it cannot carry over. */
  MIGRATIONS_SQUASH_STEPS: (d: { steps: readonly string[] }) => ({
    message: `A squash of the whole project keeps models only. It would leave out: ${list(d.steps)}.`,
    hint: "Mark those that new databases do not need with `elidable: true`; to leave out all of them: --leave-out-steps. What new databases need, write into a migration after the squash.",
  }),
  /** `migrate --prune` found records that a squashed migration still counts on. */
  MIGRATIONS_CANNOT_PRUNE: (d: { app: string; names: readonly string[]; squashed: readonly string[] }) => ({
    message: `The records of ${list(d.names)} of ${d.app} cannot be removed: ${list(d.squashed)} lists them in \`replaces\`.`,
    hint: "Take `replaces` out of the squashed migration first, once every database has it.",
  }),
});
