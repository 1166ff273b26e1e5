/** The one error class: what went wrong, and one imperative hint on how to mend it. */
export class CortadoError extends Error {
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "CortadoError";
    this.code = code;
    this.hint = options.hint;
  }

  /** Where the error is explained: a page of the documentation that the package carries. */
  get docs(): string {
    const layer = this.code.split("_")[0]!.toLowerCase();
    return `docs/errors/${layer}.md#${this.code.toLowerCase()}`;
  }
}

/** What a row of an error table says: the message names what, where, what was given and what was possible. */
export interface ErrorText {
  message: string;
  hint?: string | undefined;
  cause?: unknown;
}

type ErrorTable = Record<string, (details: never) => ErrorText>;

/** The makers of a layer's errors, one for each code. */
export type ErrorMakers<T extends ErrorTable> = {
  readonly [Code in keyof T]: (...details: Parameters<T[Code]>) => CortadoError;
};

/**
 * Declares the errors of one layer, each under its code.
 *
 * ```ts
 * const errors = defineErrors({
 *   SHOP_CLOSED: (d: { hour: number }) => ({ message: `The shop is closed at ${d.hour}.`, hint: "Come back at 9." }),
 * });
 * throw errors.SHOP_CLOSED({ hour: 3 });
 * ```
 */
export function defineErrors<const T extends ErrorTable>(table: T): ErrorMakers<T> {
  const makers: Record<string, (details: never) => CortadoError> = {};
  for (const [code, text] of Object.entries(table)) {
    makers[code] = (details) => {
      const { message, hint, cause } = text(details);
      return new CortadoError(code, message, { hint, cause });
    };
  }
  return makers as ErrorMakers<T>;
}
