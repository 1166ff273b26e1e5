import { relative } from "node:path";
import { registerProject } from "#app";
import { type SquashedMigration, squashMigrations } from "#orm/migrations";
import { type Command, hasOption, type Invocation, textOption } from "../command.ts";
import { cliErrors } from "../errors.ts";
import { projectHere } from "../project-here.ts";

export const squashmigrations: Command = {
  name: "squashmigrations",
  summary: "Write one migration that takes the place of several, or fresh first ones for the whole project.",
  usage: "cortado squashmigrations APP [START] END | --all",
  example: "cortado squashmigrations homepage 0004",
  arguments: { minimum: 0, maximum: 3 },
  options: {
    all: { type: "boolean", about: "Every app of the project together, from the models as the migrations leave them." },
    "leave-out-steps": { type: "boolean", about: "With --all: leave out operations that run code or SQL." },
    "squashed-name": { type: "string", value: "NAME", about: "The migration's name after its number." },
    "no-optimize": { type: "boolean", about: "Keep every operation as it is." },
    "dry-run": { type: "boolean", about: "Write nothing; show what would be written." },
  },
  async run(invocation) {
    const { args, directory } = invocation;
    refuseMixed(invocation);
    const { apps } = registerProject(await projectHere(directory));
    const dryRun = hasOption(invocation, "dry-run");
    const squashed = await squashMigrations(apps, {
      all: hasOption(invocation, "all"),
      app: args[0],
      start: args.length === 3 ? args[1] : undefined,
      end: args.at(-1),
      leaveOutSteps: hasOption(invocation, "leave-out-steps"),
      name: textOption(invocation, "squashed-name"),
      optimize: !hasOption(invocation, "no-optimize"),
      dryRun,
    });
    for (const one of squashed) print(one, { directory, dryRun });
    if (!dryRun)
      console.log("Keep the old files until every database has been migrated; then delete them, and `replaces` with them.");
  },
};

/** A range and the whole project have options of their own. @throws CLI_BAD_ARGUMENT */
function refuseMixed(invocation: Invocation): void {
  const { args, options } = invocation;
  const all = hasOption(invocation, "all");
  const stray = (all ? ["squashed-name", "no-optimize"] : ["leave-out-steps"]).find((name) => options[name] !== undefined);
  const problem = problemWith(args, all) ?? (stray && `--${stray} ${all ? "has no meaning with" : "is for"} --all`);
  if (problem !== undefined)
    throw cliErrors.CLI_BAD_ARGUMENT({ command: "squashmigrations", problem, usage: squashmigrations.usage });
}

function problemWith({ length }: readonly string[], all: boolean): string | undefined {
  if (all) return length > 0 ? "--all takes no arguments" : undefined;
  return length < 2 ? "it needs an app and the last migration to squash" : undefined;
}

function print(squashed: SquashedMigration, { directory, dryRun }: { directory: string; dryRun: boolean }): void {
  const { path, operations, replaces, before, copied, source } = squashed;
  console.log(relative(directory, path));
  console.log(
    `  Operations: ${before} of ${replaces.length} migration${replaces.length === 1 ? "" : "s"}, now ${operations.length}.`,
  );
  for (const key of copied)
    console.log(`  ! Functions of ${key} were copied: look whether they use what stands around them there.`);
  if (dryRun) console.log(`\n${source}`);
}
