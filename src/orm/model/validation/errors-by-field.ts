import { nonFieldErrors, ValidationError } from "#validation";
import type { ModelMeta } from "../meta.ts";
import type { AnyRow } from "../rows/row.ts";

/** What a step of validation works on. */
export interface Validation {
  readonly row: AnyRow;
  readonly meta: ModelMeta;
  /** Names of fields that are left out. */
  readonly exclude: ReadonlySet<string>;
  readonly errors: ErrorsByField;
}

/** Gathers refusals by field. */
export class ErrorsByField {
  readonly #errors: Record<string, ValidationError[]> = {};

  /** The fields that were refused. */
  get names(): string[] {
    return Object.keys(this.#errors).filter((name) => name !== nonFieldErrors);
  }
  has(name: string): boolean {
    return this.#errors[name] !== undefined;
  }
  add(name: string, error: ValidationError): void {
    (this.#errors[name] ??= []).push(error);
  }
  /** Runs a step and takes what it refuses; any other error goes on. */
  async collect(step: () => unknown): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      for (const [name, own] of Object.entries(error.byField ?? { [nonFieldErrors]: error })) this.add(name, own);
    }
  }
  throwAny(): void {
    if (Object.keys(this.#errors).length > 0) throw new ValidationError(this.#errors);
  }
}
