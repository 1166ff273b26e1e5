import { didYouMean } from "#kernel";
import { migrationErrors } from "./errors.ts";
import { relatedModels } from "./state/field-state.ts";
import { applyMigration, type Migration, migrationKey, type MigrationReference } from "./migration.ts";
import { ProjectState } from "./state/project-state.ts";

/** What the graph must know of a project beside its migrations. */
export interface GraphSurroundings {
  /** Every app of the project, with or without migrations. */
  readonly apps: readonly string[];
  /** The app that owns the model behind a swappable key: `@user` → `shop`. */
  readonly swappableApp: (key: string) => string | undefined;
}

/** What became of the models, by key. */
export interface ModelHistory {
  readonly origins: ReadonlyMap<string, Migration>;
  readonly referrers: ReadonlyMap<string, ReadonlySet<string>>;
  /** The migrations of other apps that took a model away from its app. */
  readonly departures: ReadonlyMap<string, Migration>;
}

/**
 * All migrations of a project and what each depends on.
 *
 * @throws MIGRATIONS_MISSING_DEPENDENCY, MIGRATIONS_CYCLE when it is made.
 */
export class MigrationGraph {
  readonly surroundings: GraphSurroundings;
  readonly #migrations = new Map<string, Migration>();
  readonly #parents = new Map<string, string[]>();
  /** Keys in an order in which they can be applied. */
  readonly order: readonly string[];

  constructor(migrations: readonly Migration[], surroundings: GraphSurroundings) {
    this.surroundings = surroundings;
    for (const migration of migrations) this.#migrations.set(migrationKey(migration), migration);
    for (const [key, migration] of this.#migrations) this.#parents.set(key, this.#resolveParents(migration));
    for (const migration of migrations) this.#putBefore(migration);
    this.order = this.#sort();
  }

  get migrations(): Migration[] {
    return this.order.map((key) => this.#migrations.get(key)!);
  }

  has(key: string): boolean {
    return this.#migrations.has(key);
  }

  get(key: string): Migration {
    return this.#migrations.get(key)!;
  }

  parents(key: string): readonly string[] {
    return this.#parents.get(key) ?? [];
  }

  ofApp(app: string): Migration[] {
    return this.migrations.filter((migration) => migration.app === app);
  }

  /** The migrations of an app that no other one of it follows; more than one is a conflict. */
  leaves(app: string): Migration[] {
    const own = this.ofApp(app);
    const followed = new Set(own.flatMap((migration) => this.parents(migrationKey(migration))));
    return own.filter((migration) => !followed.has(migrationKey(migration)));
  }

  /** @throws MIGRATIONS_CONFLICT */
  requireNoConflicts(): void {
    for (const app of this.surroundings.apps) {
      const leaves = this.leaves(app).map((migration) => migration.name);
      if (leaves.length > 1) throw migrationErrors.MIGRATIONS_CONFLICT({ app, leaves });
    }
  }

  /** The keys of a migration and of everything it needs, in order. */
  ancestors(keys: readonly string[]): string[] {
    return this.#closure(keys, (key) => this.parents(key));
  }

  /** The keys of migrations and of everything that needs them, in order. */
  descendants(keys: readonly string[]): string[] {
    const children = Map.groupBy(
      this.order.flatMap((child) => this.parents(child).map((parent) => ({ parent, child }))),
      ({ parent }) => parent,
    );
    return this.#closure(keys, (key) => (children.get(key) ?? []).map(({ child }) => child));
  }

  /** A migration by its name or the beginning of it. @throws MIGRATIONS_UNKNOWN_MIGRATION, MIGRATIONS_AMBIGUOUS_NAME */
  find(app: string, name: string): Migration {
    const own = this.ofApp(app);
    const exact = own.find((migration) => migration.name === name);
    if (exact) return exact;
    const matches = own.filter((migration) => migration.name.startsWith(name));
    if (matches.length === 1) return matches[0]!;
    const known = own.map((migration) => migration.name);
    if (matches.length === 0)
      throw migrationErrors.MIGRATIONS_UNKNOWN_MIGRATION({ app, name, known, hint: didYouMean(name, known) });
    throw migrationErrors.MIGRATIONS_AMBIGUOUS_NAME({ app, name, matches: matches.map((migration) => migration.name) });
  }

  /** @throws MIGRATIONS_UNKNOWN_APP, MIGRATIONS_NO_MIGRATIONS */
  requireApp(app: string): void {
    const known = this.surroundings.apps;
    if (!known.includes(app)) throw migrationErrors.MIGRATIONS_UNKNOWN_APP({ app, known, hint: didYouMean(app, known) });
    if (this.ofApp(app).length === 0) throw migrationErrors.MIGRATIONS_NO_MIGRATIONS({ app });
  }

  /** The project after the given migrations and what they need; without keys, after all of them. */
  state(keys: readonly string[] = this.order): ProjectState {
    const state = new ProjectState();
    for (const key of this.ancestors(keys)) applyMigration(this.get(key), state);
    return state;
  }

  /** What the history says of each model: the migration that gave it its present name, and the apps that ever referred to it. */
  modelHistory(): ModelHistory {
    const origins = new Map<string, Migration>();
    const referrers = new Map<string, Set<string>>();
    const departures = new Map<string, Migration>();
    let known = new Set<string>();
    const state = new ProjectState();
    for (const migration of this.migrations) {
      applyMigration(migration, state);
      for (const key of state.keys()) if (!known.has(key)) origins.set(key, migration);
      for (const model of state.models().filter(({ app }) => app === migration.app)) {
        for (const key of Object.values(model.fields).flatMap(relatedModels))
          referrers.set(key, (referrers.get(key) ?? new Set()).add(model.app));
      }
      for (const key of known) if (!state.get(key) && !key.startsWith(`${migration.app}.`)) departures.set(key, migration);
      known = new Set(state.keys());
    }
    return { origins, referrers, departures };
  }

  #closure(keys: readonly string[], next: (key: string) => readonly string[]): string[] {
    const found = new Set<string>();
    const open = [...keys];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (found.has(key)) continue;
      found.add(key);
      open.push(...next(key));
    }
    return this.order.filter((key) => found.has(key));
  }

  #resolveParents(migration: Migration): string[] {
    return migration.dependencies.flatMap((reference) => this.#resolve(reference, migration) ?? []);
  }

  /** Lets the migrations that one says it must come before depend on it; those that do not exist do not mind. */
  #putBefore(migration: Migration): void {
    for (const reference of migration.runBefore) {
      const key = reference[1] === "__first__" ? this.#resolve(reference, migration) : reference.join(".");
      if (key !== undefined) this.#parents.get(key)?.push(migrationKey(migration));
    }
  }

  /** The key that a dependency means; undefined when it means an app without migrations. */
  #resolve([given, name]: MigrationReference, migration: Migration): string | undefined {
    const app = given.startsWith("@") ? this.surroundings.swappableApp(given) : given;
    const own = [...this.#migrations.values()].filter((one) => one.app === app);
    if (app !== undefined && this.#migrations.has(`${app}.${name}`)) return `${app}.${name}`;
    if (app !== undefined && (name === "__first__" || name === "__latest__") && this.surroundings.apps.includes(app)) {
      if (app === migration.app) return undefined;
      const ends = own.map((one) => one.name).sort();
      return ends.length === 0 ? undefined : `${app}.${name === "__first__" ? ends[0] : ends.at(-1)}`;
    }
    throw migrationErrors.MIGRATIONS_MISSING_DEPENDENCY({
      migration: migrationKey(migration),
      dependency: `${given}.${name}`,
      hint: didYouMean(`${given}.${name}`, this.#migrations.keys()),
    });
  }

  #sort(): string[] {
    const sorted: string[] = [];
    const state = new Map<string, "open" | "done">();
    const visit = (key: string, path: readonly string[]): void => {
      if (state.get(key) === "done") return;
      if (state.get(key) === "open") throw migrationErrors.MIGRATIONS_CYCLE({ cycle: [...path.slice(path.indexOf(key)), key] });
      state.set(key, "open");
      for (const parent of this.parents(key)) visit(parent, [...path, key]);
      state.set(key, "done");
      sorted.push(key);
    };
    for (const key of [...this.#migrations.keys()].sort()) visit(key, []);
    return sorted;
  }
}
