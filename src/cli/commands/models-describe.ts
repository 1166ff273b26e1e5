import { type Command, hasOption } from "../command.ts";
import { deskOptions, type ListedModel, withDesk } from "../model-desk.ts";
import { readableBytes } from "../readable-bytes.ts";
import { readableDuration } from "../readable-duration.ts";
import { signatureLines } from "../signature-lines.ts";
import { tableLines } from "../table-lines.ts";
import { aliasesOf } from "./models-list.ts";

export const modelsDescribe: Command = {
  name: "models describe",
  summary: "Say what a model takes and gives, and how each version of it stands.",
  usage: "cortado models describe MODEL [--url URL | --dir DIR] [--json]",
  example: "cortado models describe digits",
  arguments: { minimum: 1, maximum: 1 },
  options: { ...deskOptions, json: { type: "boolean", about: "Print JSON, for programs." } },
  run: (invocation) =>
    withDesk(modelsDescribe, invocation, async (desk) => {
      const model = await desk.describe(invocation.args[0]!);
      if (hasOption(invocation, "json")) console.log(JSON.stringify(model, null, 2));
      else for (const line of linesOf(model)) console.log(line);
    }),
};

function linesOf(model: ListedModel): string[] {
  const { name, description, access, ready, signature, metrics, versions } = model;
  return [
    `${name}${description ? `: ${description}` : ""}`,
    `${ready ? "ready" : "not ready"}, ${access === "public" ? "anyone may ask it" : "asked by who has the permission or a token"}`,
    ...(signature ? ["", ...signatureLines(signature)] : []),
    ...(metrics ? ["", ...Object.entries(metrics).map(([metric, value]) => `${metric} ${Number(value.toPrecision(4))}`)] : []),
    "",
    ...tableLines(
      ["version", "runtime", "state", "aliases", "memory", "answered", "failed", "mean", "batches"],
      versions.map((version) => versionRow(model, version)),
    ),
    ...versions.flatMap(({ version, error }) => (error ? ["", `Version ${version}: ${error}`] : [])),
    ...shadowLines(model),
  ];
}

function versionRow(model: ListedModel, info: ListedModel["versions"][number]) {
  const { version, runtime = "", state, memory, batching, statistics } = info;
  const { success, fail, cancelled } = statistics;
  return [
    version,
    runtime,
    state,
    aliasesOf(model, version),
    memory === undefined ? "" : readableBytes(memory),
    String(success.count),
    String(fail.count - cancelled),
    success.count === 0 ? "" : readableDuration(success.milliseconds / success.count),
    batching === undefined ? "" : batching.enabled ? `up to ${batching.limit}` : "off",
  ];
}

function shadowLines({ shadows }: ListedModel): string[] {
  return Object.entries(shadows).map(
    ([alias, { agreed, differed, failed }]) => `Shadow of ${alias}: ${agreed} agreed, ${differed} differed, ${failed} failed`,
  );
}
