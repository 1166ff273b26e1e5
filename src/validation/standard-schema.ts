import { type Awaitable, whenReady } from "#kernel";

/** The part of a Standard Schema that is used: zod, valibot, arktype and others have it. See standardschema.dev. */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

type SchemaResult<Output> = { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] };

interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema made of a value, or what it found wrong with it. */
export type Parsed<Output> = { value: Output } | { problems: string[] };

/** The value that the schema makes of `value`, or what it finds wrong, each with its place: `input.pixels[3]`; at once where the schema does. */
export function parseWith<Output>(schema: StandardSchema<any, Output>, value: unknown, where: string): Awaitable<Parsed<Output>> {
  return whenReady(schema["~standard"].validate(value), (result) => {
    if (result.issues === undefined) return { value: result.value };
    return { problems: result.issues.map((issue) => `${placeOf(issue, where)}: ${issue.message}`) };
  });
}

function placeOf(issue: SchemaIssue, where: string): string {
  let place = where;
  for (const step of issue.path ?? []) {
    const key = typeof step === "object" ? step.key : step;
    place += typeof key === "number" ? `[${key}]` : `.${String(key)}`;
  }
  return place;
}
