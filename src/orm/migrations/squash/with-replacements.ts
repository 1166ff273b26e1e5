import { type Migration, migrationKey } from "../migration.ts";

/** The migrations that count for a database, and those of them that it has. */
export interface SettledMigrations {
  readonly migrations: Migration[];
  readonly applied: Set<string>;
}

/**
 * How it works
 *
 * A squashed migration stands for those that it replaces. A database that has all of them has it too;
 * one that has none runs it instead of them; one that has some runs the rest of them first, and the
 * squashed one counts from then on. Squashed migrations that depend on one another go together: as long
 * as one of them must wait, all do, for the migrations of one app may need the old ones of another.
 */
export function withReplacements(migrations: readonly Migration[], recorded: ReadonlySet<string>): SettledMigrations {
  const squashed = migrations.filter((one) => one.replaces.length > 0);
  const applied = settle(squashed, recorded);
  const waiting = new Set(
    groupsOf(squashed)
      .filter((group) => group.some((one) => isBetween(one, applied)))
      .flat(),
  );
  const files = new Set(migrations.map(migrationKey));
  // Where the old files are gone there is nothing to go back to.
  const usable = squashed.filter((one) => !waiting.has(one) || !replacedKeys(one).some((key) => files.has(key)));
  let kept = migrations.filter((one) => one.replaces.length === 0 || usable.includes(one));
  // From the last to the first: what depended on an old migration depends on the last one of those that replace it.
  for (const one of usable.toReversed())
    if (kept.some((other) => migrationKey(other) === migrationKey(one))) kept = standIn(kept, one);
  return { migrations: kept, applied };
}

/** Adds what follows: the squashed migration from those it replaces, and these from it. Squashes may be squashed again. */
function settle(squashed: readonly Migration[], recorded: ReadonlySet<string>): Set<string> {
  const applied = new Set(recorded);
  for (let before = -1; before !== applied.size;) {
    before = applied.size;
    for (const one of squashed) {
      const replaced = replacedKeys(one);
      if (replaced.every((key) => applied.has(key))) applied.add(migrationKey(one));
      if (applied.has(migrationKey(one))) for (const key of replaced) applied.add(key);
    }
  }
  return applied;
}

function isBetween(squashed: Migration, applied: ReadonlySet<string>): boolean {
  return !applied.has(migrationKey(squashed)) && replacedKeys(squashed).some((key) => applied.has(key));
}

function replacedKeys({ replaces }: Migration): string[] {
  return replaces.map((reference) => reference.join("."));
}

/** Squashed migrations with those that they depend on, directly or by way of others. */
function groupsOf(squashed: readonly Migration[]): Migration[][] {
  const groups = new Map(squashed.map((one) => [one, new Set([one])]));
  const join = (a: Migration, b: Migration): void => {
    const together = new Set([...groups.get(a)!, ...groups.get(b)!]);
    for (const one of together) groups.set(one, together);
  };
  for (const one of squashed) {
    const needs = new Set(one.dependencies.map((reference) => reference.join(".")));
    for (const other of squashed) if (needs.has(migrationKey(other))) join(one, other);
  }
  return [...new Set(groups.values())].map((group) => [...group]);
}

/** Puts a squashed migration in the place of those it replaces; what depended on them depends on it. */
function standIn(migrations: readonly Migration[], squashed: Migration): Migration[] {
  const replaced = new Set(replacedKeys(squashed));
  return migrations
    .filter((one) => !replaced.has(migrationKey(one)))
    .map((one) => (one.replaces.length > 0 && one.app === squashed.app ? one : repointed(one, replaced, squashed)));
}

function repointed(migration: Migration, replaced: ReadonlySet<string>, squashed: Migration): Migration {
  const key = migrationKey(squashed);
  const point = (references: Migration["dependencies"]): Migration["dependencies"] => {
    if (!references.some((reference) => replaced.has(reference.join(".")))) return references;
    const others = references.filter((reference) => !replaced.has(reference.join(".")) && reference.join(".") !== key);
    return [...others, [squashed.app, squashed.name]];
  };
  return { ...migration, dependencies: point(migration.dependencies), runBefore: point(migration.runBefore) };
}
