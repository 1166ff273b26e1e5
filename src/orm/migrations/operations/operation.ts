import type { Database } from "../../database/database.ts";
import type { Dialect } from "../../names.ts";
import type { Risk } from "../lint/risk.ts";
import type { ProjectState } from "../state/project-state.ts";

/** What the comparison of two states cannot know: what was renamed, and what existing rows get. */
export interface SchemaHints {
  /** Keys of a renamed model: `shop.Cafe` before, `shop.Coffee` after. */
  readonly model?: { readonly from: string; readonly to: string } | undefined;
  /** A renamed field of a model (its key in the state after). */
  readonly field?: { readonly model: string; readonly from: string; readonly to: string } | undefined;
  /** The value of a new or newly required column for rows that exist. */
  readonly fill?: { readonly model: string; readonly field: string; readonly value: unknown } | undefined;
}

/** Brings a database from the tables of one state to those of another. */
export interface SchemaEditor {
  readonly dialect: Dialect;
  /** The database; undefined when the SQL is only collected. */
  readonly db: Database | undefined;
  transform(from: ProjectState, to: ProjectState, hints: SchemaHints): Promise<void>;
  execute(sql: string): Promise<void>;
  /** Notes, for a reader of the SQL, what is not SQL. */
  remark(text: string): void;
}

/** What an operation is given when it runs: the state it finds and the state it must leave. */
export interface OperationContext {
  readonly app: string;
  readonly from: ProjectState;
  readonly to: ProjectState;
  readonly editor: SchemaEditor;
}

/** One step of a migration: how it changes the state, and how it changes a database, there and back. */
export interface Operation {
  /** The function that makes it: `addField`. */
  readonly kind: string;
  /** What that function was given; a migration file is written from it. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The module that exports the function, where a migration file must import it from elsewhere than `cortado/orm/migrations`. */
  readonly door?: string | undefined;
  /** How it is marked in a list: adds, removes, alters, or runs code. */
  readonly symbol: "+" | "-" | "~" | "s" | "c";
  /** The operation as a sentence: `Add field price to Coffee`. */
  describe(): string;
  /** Its part in the automatic name of a migration: `coffee_price`. */
  readonly fragment: string | undefined;
  /** Whether `backward` leads back. */
  readonly reversible: boolean;
  /** True for a step that new databases do not need: squashing leaves it out. */
  readonly elidable?: boolean | undefined;
  /** False for a step that no transaction may hold; its migration says `atomic: false`. */
  readonly transactional?: boolean | undefined;
  /** What a database router is told beside the app: hints of `run` and `runSQL`, the model of the others. */
  readonly routing?: RoutingHints | undefined;
  applyToState(app: string, state: ProjectState): void;
  forward(context: OperationContext): Promise<void>;
  backward(context: OperationContext): Promise<void>;
  /** What an operation of your own loses or locks, given the state it starts from. The linter knows the others. */
  risks?(app: string, from: ProjectState): Risk[];
  /**
   * What this operation and a later one of the same app come to: operations in place of both, true when
   * their order does not matter, false when nothing is known. Operations of your own may say it.
   */
  reduce?(later: Operation, app: string): readonly Operation[] | boolean;
}

/** What a router may decide by. */
export interface RoutingHints {
  readonly model?: string | undefined;
  readonly [hint: string]: unknown;
}

/** What a schema operation declares; its way there and back follow from the states. */
export interface SchemaOperationParts {
  kind: string;
  options: object;
  symbol: Operation["symbol"];
  description: string;
  fragment: string;
  applyToState: Operation["applyToState"];
  hints?: ((app: string) => SchemaHints) | undefined;
  reversible?: boolean | undefined;
}

/** An operation whose work on the database is the difference between two states. */
export function schemaOperation(parts: SchemaOperationParts): Operation {
  const hints = parts.hints ?? (() => ({}));
  return {
    kind: parts.kind,
    options: parts.options as Record<string, unknown>,
    symbol: parts.symbol,
    describe: () => parts.description,
    fragment: parts.fragment,
    reversible: parts.reversible ?? true,
    routing: routingOf(parts.options as Record<string, unknown>),
    applyToState: parts.applyToState,
    forward: ({ app, from, to, editor }) => editor.transform(from, to, hints(app)),
    backward: ({ app, from, to, editor }) => editor.transform(from, to, reversedHints(hints(app))),
  };
}

function routingOf({ model, name, to }: Record<string, unknown>): RoutingHints | undefined {
  const own = model ?? name ?? to;
  return typeof own === "string" ? { model: own } : undefined;
}

/** The hints of the way back: new names become the old ones; the fill serves both ways. */
function reversedHints({ model, field, fill }: SchemaHints): SchemaHints {
  return {
    model: model && { from: model.to, to: model.from },
    field: field && { model: field.model, from: field.to, to: field.from },
    fill,
  };
}
