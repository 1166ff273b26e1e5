import { type CollectAction, collectStatic, type CollectSummary } from "#http";
import type { ProjectSettings } from "#kernel";
import { type FileStorage, storage } from "#storage";
import { ask } from "../ask.ts";
import { type Command, hasOption, type Invocation, listOption } from "../command.ts";
import { withTables } from "../project-here.ts";

export const collectstatic: Command = {
  name: "collectstatic",
  summary: "Gather the static files of the project and its apps for production: hashed names, compressed forms.",
  usage:
    "cortado collectstatic [--no-input] [--clear] [--dry-run] [--link] [--ignore PATTERN]… [--no-default-ignore] [--no-post-process]",
  example: "cortado collectstatic --no-input --clear",
  options: {
    "no-input": { type: "boolean", about: "Do not ask." },
    clear: { type: "boolean", short: "c", about: "Delete what is in the storage before." },
    "dry-run": { type: "boolean", short: "n", about: "Say what would be done, and do nothing." },
    link: { type: "boolean", short: "l", about: "Link to the files in place of copying them." },
    ignore: {
      type: "string",
      short: "i",
      multiple: true,
      value: "PATTERN",
      about: "Leave out files or folders of this pattern: *.scss",
    },
    "no-default-ignore": { type: "boolean", about: "Do not leave out hidden files, CVS and *~." },
    "no-post-process": { type: "boolean", about: "Neither hashed names nor compressed forms." },
    verbose: { type: "boolean", short: "v", about: "Say what is done with each file." },
  },
  run: (invocation) => withTables(invocation.directory, ({ settings }) => run(invocation, settings)),
};

async function run(invocation: Invocation, settings: ProjectSettings): Promise<void> {
  const target = storage("staticfiles");
  const place = (target as Partial<FileStorage>).directory ?? "the storage staticfiles";
  const [clear, dryRun] = [hasOption(invocation, "clear"), hasOption(invocation, "dry-run")];
  if (clear && !dryRun && !hasOption(invocation, "no-input") && !(await isConfirmed(place)))
    return console.log("Nothing was done.");
  const isVerbose = hasOption(invocation, "verbose") || dryRun;
  const summary = await collectStatic(settings, target, {
    clear,
    dryRun,
    link: hasOption(invocation, "link"),
    ignore: listOption(invocation, "ignore"),
    ignoreUsual: !hasOption(invocation, "no-default-ignore"),
    hash: !hasOption(invocation, "no-post-process"),
    onFile: isVerbose ? (action, path) => console.log(`${action} ${path}`) : undefined,
  });
  console.log(`${dryRun ? "Would be done" : "Done"} in ${place}: ${wordsOf(summary)}.`);
}

async function isConfirmed(place: string): Promise<boolean> {
  return (await ask(`Everything in ${place} will be deleted. Type "yes" to go on:`, { flag: "--no-input" })) === "yes";
}

const words: Readonly<Record<CollectAction, string>> = {
  copied: "copied",
  linked: "linked",
  unmodified: "unmodified",
  shadowed: "shadowed by another of the same name",
  hashed: "under a hashed name",
  compressed: "compressed",
  deleted: "deleted",
};

function wordsOf(summary: CollectSummary): string {
  const done = Object.entries(summary).filter(([, count]) => count > 0);
  return done.map(([action, count]) => `${count} ${words[action as CollectAction]}`).join(", ") || "nothing";
}
