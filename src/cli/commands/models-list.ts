import { overlookedFolders } from "#serving";
import { type Command, hasOption, textOption } from "../command.ts";
import { deskOptions, type ListedModel, withDesk } from "../model-desk.ts";
import { readableBytes } from "../readable-bytes.ts";
import { tableLines } from "../table-lines.ts";

export const modelsList: Command = {
  name: "models list",
  summary: "List the models, with their versions, runtimes, states, aliases and memory.",
  usage: "cortado models list [--url URL | --dir DIR] [--json]",
  example: "cortado models list --url http://127.0.0.1:8080",
  options: { ...deskOptions, json: { type: "boolean", about: "Print JSON, for programs." } },
  run: (invocation) =>
    withDesk(modelsList, invocation, async (desk) => {
      const listed = await desk.list();
      const directory = textOption(invocation, "dir");
      for (const line of directory === undefined ? [] : overlookedFolders(directory)) console.error(line);
      if (hasOption(invocation, "json")) return console.log(JSON.stringify(listed, null, 2));
      if (listed.length === 0) return console.log("There are no models.");
      const rows = listed.flatMap((model) => rowsOf(model));
      for (const line of tableLines(["model", "version", "runtime", "state", "aliases", "memory", "created"], rows))
        console.log(line);
    }),
};

function rowsOf(model: ListedModel): string[][] {
  if (model.versions.length === 0) return [[model.name, "-", model.runtime ?? "", "no versions"]];
  return model.versions.map(({ version, runtime = "", state, error, memory, created }, i) => [
    i === 0 ? model.name : "",
    version,
    runtime,
    error === undefined ? state : `${state}: ${shortened(error)}`,
    aliasesOf(model, version),
    memory === undefined ? "" : readableBytes(memory),
    created?.slice(0, 16).replace("T", " ") ?? "",
  ]);
}

/** `default, champion`; a canary with its share: `default 5 %`; a shadow as such: `default (shadow)`. */
export function aliasesOf({ aliases, targets }: ListedModel, version: string): string {
  const named = Object.keys(aliases).filter((alias) => aliases[alias] === version);
  const parts = Object.entries(targets).flatMap(([alias, { canary, shadow }]) => [
    ...(canary?.version === version ? [`${alias} ${canary.percent} %`] : []),
    ...(shadow?.version === version ? [`${alias} (shadow)`] : []),
  ]);
  return [...named, ...parts].join(", ");
}

function shortened(text: string): string {
  const [line] = text.split("\n", 1);
  return line!.length > 80 ? `${line!.slice(0, 79)}…` : line!;
}
