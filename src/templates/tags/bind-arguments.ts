import { didYouMean } from "#kernel";
import { templatesErrors } from "../errors.ts";
import type { Expression } from "../expression.ts";
import { camelCase } from "../runtime/lookup.ts";
import type { TagArguments } from "./keyword-arguments.ts";
import type { Signature } from "./signature.ts";

/** A tag's arguments in the places of its function's parameters. */
export interface BoundArguments {
  /** Undefined where a default stands. */
  readonly positional: readonly (Expression | undefined)[];
  /** The last argument, an object; undefined where there is none. */
  readonly named: readonly (readonly [string, Expression])[] | undefined;
}

/** Gives each argument its parameter, as a call of the function would. @throws TEMPLATES_BAD_ARGUMENTS */
export function bindArguments(tag: string, given: TagArguments, signature: Signature | undefined): BoundArguments {
  if (signature === undefined) return { positional: given.positional, named: given.named.length > 0 ? given.named : undefined };
  const positional: (Expression | undefined)[] = [...given.positional];
  if (positional.length > signature.positional.length && !signature.rest)
    throw bad(tag, signature, { problem: `is given ${positional.length} arguments, and takes ${placesText(signature)}` });
  const named: [string, Expression][] = [];
  for (const [name, expression] of given.named) {
    const at = signature.positional.findIndex((parameter) => parameter.name === name || parameter.name === camelCase(name));
    if (at >= 0) {
      if (positional[at] !== undefined) throw bad(tag, signature, { problem: `is given "${name}" twice` });
      positional[at] = expression;
      continue;
    }
    const key = namedKey(tag, signature, name);
    if (named.some(([other]) => other === key)) throw bad(tag, signature, { problem: `is given "${name}" twice` });
    named.push([key, expression]);
  }
  return complete(tag, signature, { positional, named });
}

/** The key under which the function finds a named argument. */
function namedKey(tag: string, signature: Signature, name: string): string {
  const { named, rest } = signature;
  const known = named?.names.find((parameter) => parameter.name === name || parameter.name === camelCase(name));
  if (known) return known.name;
  if (named?.rest || (named === undefined && rest)) return name;
  throw bad(tag, signature, { problem: `has no argument "${name}"`, name });
}

function complete(
  tag: string,
  signature: Signature,
  given: { positional: (Expression | undefined)[]; named: [string, Expression][] },
) {
  const { positional, named } = given;
  const lacking = [
    ...signature.positional.filter((parameter, i) => !parameter.optional && positional[i] === undefined),
    ...(signature.named?.names ?? []).filter(({ name, optional }) => !optional && !named.some(([key]) => key === name)),
  ].map(({ name }) => `"${name ?? "…"}"`);
  if (lacking.length > 0) throw bad(tag, signature, { problem: `needs ${lacking.join(", ")}`, hint: leaveOut });
  const takesObject = signature.named !== undefined && (named.length > 0 || !signature.named.optional);
  if (takesObject || named.length > 0) positional.length = Math.max(positional.length, signature.positional.length);
  return { positional: Array.from(positional), named: named.length > 0 || takesObject ? named : undefined };
}

function placesText({ positional }: Signature): string {
  return positional.length === 0 ? "none" : positional.length === 1 ? "one" : `at most ${positional.length}`;
}

const leaveOut = "Where one may be left out, give the function's parameter a default; `= undefined` is one.";

interface Mistake {
  readonly problem: string;
  /** The name that is not known. */
  readonly name?: string;
  readonly hint?: string;
}

function bad(tag: string, { positional, named, rest }: Signature, about: Mistake): Error {
  const names = [...positional, ...(named?.names ?? [])].map(({ name }) => name ?? "…");
  const takes = rest || named?.rest ? [...names, "any others"] : names;
  const hint = about.name === undefined ? about.hint : didYouMean(about.name, names);
  return templatesErrors.TEMPLATES_BAD_ARGUMENTS({ tag, problem: about.problem, takes, ...(hint !== undefined && { hint }) });
}
