import { ormErrors } from "../../errors.ts";
import type { SchemaCondition, SchemaKey, SchemaKeys } from "./schema-sql.ts";

/** What `fullClean()` and forms say of a row that breaks a rule. */
export interface Violation {
  readonly violationErrorMessage?: string | undefined;
  readonly violationErrorCode?: string | undefined;
}

/** What `unique()` takes beside its fields. */
export interface UniqueOptions extends Violation {
  /** The name in the database; needed beside expressions and conditions, else made of the columns. */
  readonly name?: string | undefined;
  /** Only rows for which it holds are compared. */
  readonly condition?: SchemaCondition | undefined;
  /** Fields that the index holds beside its own, for reads that need no more (PostgreSQL). */
  readonly include?: readonly string[] | undefined;
  /** Whether the rule is checked when the transaction ends, or can be put off to then (PostgreSQL). */
  readonly deferrable?: "deferred" | "immediate" | undefined;
  /** False: two rows without a value are not unique either. */
  readonly nullsDistinct?: boolean | undefined;
  /** PostgreSQL's operator classes, one for each field. */
  readonly opclasses?: readonly string[] | undefined;
}

/** Rows differ in these fields or expressions. */
export interface UniqueConstraint extends UniqueOptions {
  readonly type: "unique";
  readonly fields: SchemaKeys;
}

/** A condition that every row meets. */
export interface CheckConstraint extends Violation {
  readonly type: "check";
  readonly name: string;
  readonly condition: SchemaCondition;
}

/** What `exclusion()` takes beside its name. */
export interface ExclusionOptions extends Violation {
  /** What must not hold of two rows at once: fields or expressions, each with an operator of PostgreSQL. */
  readonly expressions: readonly (readonly [SchemaKey | ((row: any) => unknown), string])[];
  /** The kind of index behind it; default "gist". */
  readonly using?: "gist" | "spgist" | "hash" | "btree" | undefined;
  readonly condition?: SchemaCondition | undefined;
  readonly include?: readonly string[] | undefined;
  readonly deferrable?: "deferred" | "immediate" | undefined;
  readonly opclasses?: readonly string[] | undefined;
}

/** No two rows for which all operators hold: no two bookings of a room that overlap. */
export interface ExclusionConstraint extends ExclusionOptions {
  readonly type: "exclusion";
  readonly name: string;
}

/** A rule that the table keeps for all rows. */
export type Constraint = UniqueConstraint | CheckConstraint | ExclusionConstraint;

/**
 * Rows differ in these fields, or in what expressions give for them.
 *
 * ```ts
 * unique(["roaster", "name"])
 * unique(row => lower(row.email), { name: "email_any_case" })
 * unique(["code"], { name: "code_of_active", condition: { active: true } })
 * ```
 * @throws ORM_BAD_MODEL_OPTION where a name is needed and missing
 */
export function unique(fields: SchemaKeys, options: UniqueOptions = {}): UniqueConstraint {
  checkPart("unique()", fields, options);
  const { deferrable, condition, opclasses } = options;
  if (deferrable !== undefined && (typeof fields === "function" || condition !== undefined || opclasses !== undefined))
    throw ormErrors.ORM_BAD_MODEL_OPTION({
      option: "unique()",
      reason: "what has expressions, a condition or operator classes is an index, which cannot be put off",
      hint: "Leave out deferrable, or name the fields alone.",
    });
  return { type: "unique", fields, ...options };
}

/**
 * A condition that the database enforces on every row.
 *
 * ```ts
 * check("price_positive", { price: { gte: 0 } })
 * check("sale_below_price", row => row.sale.lt(row.price), { violationErrorMessage: "Not a bargain." })
 * check("code_has_digits", "code LIKE '%1%'")
 * ```
 */
export function check(name: string, condition: SchemaCondition, options: Violation = {}): CheckConstraint {
  return { type: "check", name, condition, ...options };
}

/**
 * No two rows for which all operators hold at once; PostgreSQL alone has it.
 *
 * ```ts
 * exclusion("no_overlap", { expressions: [["room", "="], ["during", "&&"]] })
 * ```
 */
export function exclusion(name: string, options: ExclusionOptions): ExclusionConstraint {
  return { type: "exclusion", name, ...options };
}

/** What an index and a unique constraint have in common. */
interface PartOptions {
  readonly name?: string | undefined;
  readonly condition?: unknown;
  readonly opclasses?: readonly string[] | undefined;
}

/** Names made of columns would not tell expressions and conditions apart; operator classes go by position. */
export function checkPart(option: string, fields: SchemaKeys, { name, condition, opclasses }: PartOptions): void {
  const isPlain = typeof fields !== "function" && fields.every((field) => typeof field === "string");
  if (name === undefined && (condition !== undefined || !isPlain))
    throw ormErrors.ORM_BAD_MODEL_OPTION({
      option,
      reason: `it has ${condition === undefined ? "expressions" : "a condition"} and no name`,
      hint: `Name it: ${option.slice(0, -1)}…, { name: "coffee_name_any_case" }).`,
    });
  if (opclasses !== undefined && typeof fields !== "function" && opclasses.length !== fields.length)
    throw ormErrors.ORM_BAD_MODEL_OPTION({
      option,
      reason: `it has ${fields.length} field${fields.length === 1 ? "" : "s"} and ${opclasses.length} operator class${opclasses.length === 1 ? "" : "es"}`,
      hint: "Give one operator class for each field.",
    });
}
