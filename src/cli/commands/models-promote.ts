import type { AliasChange, AliasTarget } from "#serving";
import { type Command, type Invocation, numberOption, textOption } from "../command.ts";
import { cliErrors } from "../errors.ts";
import { deskOptions, withDesk } from "../model-desk.ts";

/** The option that names an alias. */
export const aliasOption = { type: "string", value: "NAME", about: "The alias. Default: default." } as const;

export const modelsPromote: Command = {
  name: "models promote",
  summary: "Let an alias name a version, or give the version a part of its requests.",
  usage: "cortado models promote MODEL VERSION [--alias NAME] [--canary PERCENT | --shadow PERCENT] [--url URL | --dir DIR]",
  example: "cortado models promote digits 4 --canary 5",
  arguments: { minimum: 2, maximum: 2 },
  options: {
    alias: aliasOption,
    canary: { type: "string", value: "PERCENT", about: "Give it so many of a hundred requests; the alias stays where it is." },
    key: { type: "string", value: "HEADER", about: "With --canary: requests with the same value in it go to the same version." },
    shadow: { type: "string", value: "PERCENT", about: "Ask it so many of a hundred requests, and only compare its answers." },
    ...deskOptions,
  },
  run: (invocation) =>
    withDesk(modelsPromote, invocation, async (desk) => {
      const [name, version] = invocation.args as [string, string];
      const alias = textOption(invocation, "alias") ?? "default";
      const target = await desk.setAlias(name, alias, changeOf(invocation, version));
      console.log(lineOf(name, alias, target));
    }),
};

function changeOf(invocation: Invocation, version: string): AliasChange {
  const canary = numberOption(modelsPromote, invocation, { name: "canary", most: 100 });
  const shadow = numberOption(modelsPromote, invocation, { name: "shadow", most: 100 });
  const key = textOption(invocation, "key");
  const refuse = (problem: string) =>
    cliErrors.CLI_BAD_ARGUMENT({ command: modelsPromote.name, problem, usage: modelsPromote.usage });
  if (canary !== undefined && shadow !== undefined) throw refuse("--canary and --shadow exclude each other");
  if (key !== undefined && canary === undefined) throw refuse("--key goes with --canary");
  if (canary !== undefined) return { canary: { version, percent: canary, ...(key === undefined ? {} : { key }) } };
  return shadow === undefined ? { version } : { shadow: { version, percent: shadow } };
}

/** `digits default → 3, 5 % to 4`. */
export function lineOf(name: string, alias: string, { version, canary, shadow }: AliasTarget): string {
  const parts = [`${name} ${alias} → ${version}`];
  if (canary) parts.push(`${canary.percent} % to ${canary.version}`);
  if (shadow) parts.push(`${shadow.percent ?? 100} % compared with ${shadow.version}`);
  return parts.join(", ");
}
