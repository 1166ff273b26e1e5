import { AsyncLocalStorage } from "node:async_hooks";
import { databaseErrors } from "./errors.ts";
import type { ModelClass } from "../model/model-class.ts";
import { rowAlias } from "../model/rows/instance-state.ts";
import type { Database } from "./database.ts";

/** What a query is about to do. */
export type DatabaseUse = "read" | "write";

/** What a router may look at beside the model. */
export interface RoutingHints {
  /** The row that is saved, deleted, or whose relation is followed. */
  readonly instance?: object | undefined;
}

/** What a router may look at beside the app of a migration. */
export interface MigrationHints {
  /** The model's name: `Coffee`. */
  readonly model?: string | undefined;
  readonly [hint: string]: unknown;
}

/** Says where queries go that name no database. Whatever gives undefined leaves the answer to the next router. */
export interface DatabaseRouter {
  read?(model: ModelClass, hints: RoutingHints): string | undefined;
  write?(model: ModelClass, hints: RoutingHints): string | undefined;
  /** Whether a row may refer to another; by default when both are of one database. */
  allowRelation?(from: object, to: object): boolean | undefined;
  /** Whether a database has a model's table; everywhere by default. `run` and `runSQL` hand over their own hints. */
  allowMigrate?(alias: string, app: string, hints: MigrationHints): boolean | undefined;
}

/** What `useDatabases()` is told beside the databases. */
export interface RoutingOptions {
  /** Asked in this order. */
  routers?: readonly DatabaseRouter[] | undefined;
  /** Read-only copies: the alias of each, and of the database that it follows. */
  replicas?: Readonly<Record<string, string>> | undefined;
}

/** What an asynchronous call has written to, so that it reads its own writes. */
const ownWrites = new AsyncLocalStorage<Set<string>>();

/**
 * Inside `run`, reads that follow a write go to the database that was written and not to its replicas,
 * which may lag behind. A project does so for each request.
 */
export function readOwnWrites<T>(run: () => T): T {
  return ownWrites.run(new Set(), run);
}

/** Where queries go that name no database. */
export class Routing {
  readonly #databases: Readonly<Record<string, Database>>;
  readonly #routers: readonly DatabaseRouter[];
  readonly #primaries: Readonly<Record<string, string>>;
  readonly #replicas: ReadonlyMap<string, readonly string[]>;
  #turn = 0;

  constructor(databases: Readonly<Record<string, Database>>, { routers = [], replicas = {} }: RoutingOptions) {
    this.#databases = databases;
    this.#routers = routers;
    this.#primaries = replicas;
    this.#replicas = Map.groupBy(Object.keys(replicas), (replica) => replicas[replica]!);
  }

  /** The alias of the database for a query, which names one or is about a row; undefined for the default one. */
  aliasFor(use: DatabaseUse, model: ModelClass, asked: string | object | undefined): string | undefined {
    const [given, instance] = typeof asked === "string" ? [asked] : [undefined, asked];
    if (use === "read" && given !== undefined) return named(given);
    const alias = given ?? this.#routed(use, model, { instance }) ?? rowAlias(instance) ?? "default";
    if (use === "read") return named(this.#readable(alias));
    const primary = this.#primaries[alias] ?? alias;
    ownWrites.getStore()?.add(primary);
    return named(primary);
  }

  /** The database that rows belong to that were read from one. */
  homeOf(alias: string): string | undefined {
    return named(this.#primaries[alias] ?? alias);
  }

  /** Refuses that a row refers to one of another database. @throws ORM_CROSS_DATABASE */
  requireRelation(from: object, to: object, field: string): void {
    const [own, other] = [rowAlias(from) ?? "default", rowAlias(to) ?? "default"];
    for (const router of this.#routers) {
      const allowed = router.allowRelation?.(from, to);
      if (allowed === true) return;
      if (allowed === false) throw databaseErrors.ORM_CROSS_DATABASE({ field, own, other });
    }
    if (own !== other) throw databaseErrors.ORM_CROSS_DATABASE({ field, own, other });
  }

  /** Whether a database has a model's table. */
  allowsMigration(db: Database, app: string, hints: MigrationHints): boolean {
    const alias = Object.keys(this.#databases).find((name) => this.#databases[name] === db);
    if (alias === undefined) return true;
    if (this.#primaries[alias] !== undefined) return false;
    for (const router of this.#routers) {
      const allowed = router.allowMigrate?.(alias, app, hints);
      if (allowed !== undefined) return allowed;
    }
    return true;
  }

  #routed(use: DatabaseUse, model: ModelClass, hints: RoutingHints): string | undefined {
    for (const router of this.#routers) {
      const alias = use === "read" ? router.read?.(model, hints) : router.write?.(model, hints);
      if (alias !== undefined) return alias;
    }
    return undefined;
  }

  /** One of the replicas in turn, unless this call has written, or is inside a transaction of the database itself. */
  #readable(alias: string): string {
    const replicas = this.#replicas.get(alias);
    if (replicas === undefined || ownWrites.getStore()?.has(alias) || this.#databases[alias]?.inTransaction) return alias;
    this.#turn = (this.#turn + 1) % replicas.length;
    return replicas[this.#turn]!;
  }
}

function named(alias: string): string | undefined {
  return alias === "default" ? undefined : alias;
}
