import { didYouMean } from "#kernel";
import { ValidationError } from "#validation";
import type { Field } from "../../fields/field.ts";
import { migrationErrors } from "../errors.ts";

/** What the declarations alone do not say. `flag` is what would have answered it on the command line. */
export type Question =
  | { readonly kind: RenameKind; readonly from: string; readonly to: string; readonly flag: string }
  | { readonly kind: "fill"; readonly field: string; readonly added: boolean; readonly flag: string };

/** True or false for a rename; for a fill the text of a value, or the value itself; undefined when there is nobody to ask. */
export type Answer = boolean | string | { readonly value: unknown } | undefined;

/** Asks a person. */
export type Ask = (question: Question) => Promise<Answer>;

/** Answers given beforehand, by flags. */
export interface GivenAnswers {
  /** `--rename shop.Coffee.name=title`, `--rename shop.Cafe=Coffee`, `--rename shop.Cafe=menu.Cafe`; false is `--no-rename`. */
  rename?: readonly string[] | false | undefined;
  /** `--default shop.Coffee.title=VALUE`. */
  defaults?: readonly string[] | undefined;
  ask?: Ask | undefined;
}

type RenameKind = "renameModel" | "moveModel" | "renameField";

const renameWords = {
  renameModel: ["model", "renamed"],
  moveModel: ["model", "moved"],
  renameField: ["field", "renamed"],
} as const;

/** Answers from the flags, else from a person, else refuses with the flag that answers. */
export class Answers {
  readonly #ask: Ask;
  readonly #renames: ReadonlyMap<string, string> | false;
  readonly #fills: ReadonlyMap<string, string>;
  readonly #asked: string[] = [];
  readonly #used = new Set<string>();
  readonly #filled = new Set<string>();

  constructor({ ask, rename = [], defaults = [] }: GivenAnswers) {
    this.#ask = ask ?? (async () => undefined);
    this.#renames = rename !== false && new Map(rename.map(splitFlag));
    this.#fills = new Map(defaults.map(splitFlag));
  }

  /** Whether `from` (`shop.Coffee.name`) became `to` (`title`). @throws MIGRATIONS_RENAME_UNANSWERED */
  async isRename(kind: RenameKind, from: string, to: string): Promise<boolean> {
    if (this.#renames === false) return false;
    this.#asked.push(`${from}=${to}`);
    const given = this.#renames.get(from);
    if (given !== undefined) {
      if (given === to) this.#used.add(from);
      return given === to;
    }
    const flag = `--rename ${from}=${to}`;
    const answer = await this.#ask({ kind, from, to, flag });
    if (typeof answer === "boolean") return answer;
    const [what, happened] = renameWords[kind];
    throw migrationErrors.MIGRATIONS_RENAME_UNANSWERED({ what, happened, from, to, flag });
  }

  /** Whether a value for existing rows was given beforehand. */
  hasFill(label: string): boolean {
    return this.#fills.has(label);
  }

  /** The value for existing rows, read by the field itself. @throws MIGRATIONS_FILL_UNANSWERED, MIGRATIONS_BAD_FILL */
  async fill(field: Field, label: string, added: boolean): Promise<unknown> {
    this.#filled.add(label);
    const answer =
      this.#fills.get(label) ?? (await this.#ask({ kind: "fill", field: label, added, flag: `--default ${label}=VALUE` }));
    if (typeof answer === "object") return answer.value;
    if (typeof answer !== "string") throw migrationErrors.MIGRATIONS_FILL_UNANSWERED({ field: label, added });
    try {
      return answer === "" ? field.parse(answer) : field.clean(answer);
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      throw migrationErrors.MIGRATIONS_BAD_FILL({ field: label, given: answer, reason: error.messages.join(" ") });
    }
  }

  /** Refuses `--default` flags that answered nothing. @throws MIGRATIONS_UNUSED_FILL */
  requireFillsUsed(): void {
    for (const label of this.#fills.keys()) {
      if (this.#filled.has(label)) continue;
      const possible = [...this.#filled];
      throw migrationErrors.MIGRATIONS_UNUSED_FILL({ field: label, possible, hint: didYouMean(label, possible) });
    }
  }

  /** Refuses `--rename` flags that answered nothing: a slip of spelling would delete a column. @throws MIGRATIONS_BAD_RENAME */
  requireRenamesUsed(): void {
    if (this.#renames === false) return;
    for (const [from, to] of this.#renames) {
      if (this.#used.has(from)) continue;
      const [given, possible] = [`${from}=${to}`, [...new Set(this.#asked)]];
      throw migrationErrors.MIGRATIONS_BAD_RENAME({ given, possible, hint: didYouMean(given, possible) });
    }
  }
}

function splitFlag(flag: string): [string, string] {
  const at = flag.indexOf("=");
  return at < 0 ? [flag, ""] : [flag.slice(0, at), flag.slice(at + 1)];
}
