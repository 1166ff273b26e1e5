import { readFile } from "node:fs/promises";
import { migrationErrors } from "../errors.ts";
import type { MigrationGraph } from "../graph.ts";
import { type Migration, migrationKey } from "../migration.ts";

/** A migration's file with another reference in it. */
export interface RebasedMigration {
  readonly migration: Migration;
  /** The last migrations that it follows now. */
  readonly after: readonly string[];
  readonly source: string;
}

/** Lets the branch of one last migration follow the others: only its first file changes, and no name does. @throws MIGRATIONS_CANNOT_REBASE */
export async function rebasedBranch(graph: MigrationGraph, app: string, name: string): Promise<RebasedMigration> {
  const own = graph.find(app, name);
  const leaves = graph.leaves(app);
  const cannot = (reason: string): Error => migrationErrors.MIGRATIONS_CANNOT_REBASE({ migration: migrationKey(own), reason });
  if (leaves.length < 2) throw cannot(`${app} has no other branch`);
  const others = leaves.filter((leaf) => !graph.ancestors([migrationKey(leaf)]).includes(migrationKey(own)));
  const reached = new Set(graph.ancestors(others.map(migrationKey)));
  const line = graph.descendants([migrationKey(own)]).concat(graph.ancestors([migrationKey(own)]));
  const first = graph.order
    .map((key) => graph.get(key))
    .find((one) => one.app === app && line.includes(migrationKey(one)) && !reached.has(migrationKey(one)))!;
  const after = others.map((leaf) => leaf.name);
  const references = after.map((leaf) => `["${app}", "${leaf}"]`).join(", ");
  const source = replaceDependency(await readFile(first.file!, "utf8"), { app, first, references });
  if (source === undefined) throw cannot("its file does not say `dependencies` in a way that can be changed");
  return { migration: first, after, source };
}

interface Replacement {
  app: string;
  first: Migration;
  references: string;
}

/** The file with other references to its own app among its dependencies. */
function replaceDependency(source: string, { app, first, references }: Replacement): string | undefined {
  const names = first.dependencies.filter(([owner]) => owner === app).map(([, name]) => name);
  const [start] = names;
  if (start === undefined) return undefined;
  const reference = new RegExp(`\\[\\s*["']${app}["']\\s*,\\s*["']${start}["']\\s*,?\\s*\\]`);
  const place = /dependencies\s*:/.exec(source);
  const found = place && reference.exec(source.slice(place.index));
  if (!place || !found) return undefined;
  const at = place.index + found.index;
  return source.slice(0, at) + references + source.slice(at + found[0].length);
}
