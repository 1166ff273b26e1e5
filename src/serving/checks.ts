import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type CheckMessage, didYouMean, type ProjectSettings } from "#kernel";
import { checkListed } from "./handlers/check-listed.ts";
import { type Handler, isHandler } from "./handlers/handler.ts";
import { checkPayloads } from "./operations/check-payloads.ts";
import { checkLoading } from "./models/check-loading.ts";
import { checkRunning } from "./models/check-running.ts";
import { checkAddresses } from "./protocols/check-addresses.ts";
import { protocolNames } from "./protocols/protocol-urls.ts";
import { checkSources, type NamedSource } from "./repositories/check-sources.ts";

/** Looks at what a project serves: handlers whose names clash or whose sources are not there, protocols that nobody speaks. */
export function checkServing(project: ProjectSettings): CheckMessage[] {
  return [
    ...checkProtocols(project),
    ...checkGrpc(project),
    ...checkAddresses(project),
    ...checkRunning(project.serving ?? {}, "serving"),
    ...checkPayloads(project.serving?.payloads, handlerNames(project)),
    ...checkHandlers(project),
    ...checkListed(project),
    ...checkSources(sourcesOf(project), project.serving?.sources),
  ];
}

function handlerNames({ apps }: ProjectSettings): string[] {
  return apps.flatMap((app) =>
    Object.values(app.handlers ?? {})
      .filter(isHandler)
      .map(({ name }) => name),
  );
}

function checkProtocols({ serving }: ProjectSettings): CheckMessage[] {
  const known: readonly string[] = protocolNames;
  const unknown = (serving?.protocols ?? []).filter((name) => !known.includes(name));
  return unknown.map((name) => ({
    level: "error",
    code: "SERVING_CHECK_UNKNOWN_PROTOCOL",
    object: "serving.protocols",
    message: `There is no protocol "${name}". There are: ${known.join(", ")}.`,
    hint: didYouMean(name, known),
  }));
}

function checkGrpc({ serving }: ProjectSettings): CheckMessage[] {
  const port: unknown = serving?.grpc?.port;
  const isPort = Number.isInteger(port) && (port as number) >= 0 && (port as number) <= 65_535;
  if (serving?.grpc === undefined || isPort) return [];
  return [
    {
      level: "error",
      code: "SERVING_CHECK_BAD_GRPC_PORT",
      object: "serving.grpc",
      message: `Its port is ${JSON.stringify(port) ?? "missing"}, and must be a whole number from 0 to 65535.`,
      hint: "serving: { grpc: { port: 8001 } }",
    },
  ];
}

/** Every source that the project names. */
function sourcesOf({ apps, serving }: ProjectSettings): NamedSource[] {
  const repositories = (serving?.repositories ?? []).map((source) => ({ object: "serving.repositories", source }));
  const handlers = apps.flatMap((app) =>
    Object.values(app.handlers ?? {})
      .filter(isHandler)
      .flatMap(({ name, options: { source } }) => (source ? [{ object: `${app.name}.${name}`, source }] : [])),
  );
  return [...repositories, ...handlers];
}

function checkHandlers(project: ProjectSettings): CheckMessage[] {
  const handlers = project.apps.flatMap((app) =>
    Object.values(app.handlers ?? {})
      .filter(isHandler)
      .map((handler) => ({ app: app.name, handler })),
  );
  const seen = new Map<string, string>();
  return handlers.flatMap(({ app, handler }) => {
    const object = `${app}.${handler.name}`;
    const before = seen.get(handler.name);
    seen.set(handler.name, object);
    const place = { object, root: project.root };
    const own = [
      ...checkLoading({ versions: handler.options.versions }, object),
      ...missingSource(handler, place),
      ...runtimeProblems(handler, place),
      ...unservedSteps(handler, { object, handlers }),
    ];
    return before === undefined ? own : [clash(object, before), ...own];
  });
}

function clash(object: string, before: string): CheckMessage {
  return {
    level: "error",
    code: "SERVING_CHECK_DUPLICATE_HANDLER",
    object,
    message: `The name is already that of ${before}.`,
    hint: "Rename one of the handlers.",
  };
}

/** The handlers that a pipeline asks have to be some app's, or nothing serves them. */
function unservedSteps(
  { options: { steps = {} } }: Handler,
  { object, handlers }: { object: string; handlers: readonly { handler: Handler }[] },
): CheckMessage[] {
  const served = handlers.map(({ handler }) => handler);
  return Object.entries(steps).flatMap(([name, step]) => {
    const asked = typeof step === "object" && "model" in step ? step.model : step;
    if (typeof asked === "string" || served.some((each) => each.name === asked.name)) return [];
    return {
      level: "error" as const,
      code: "SERVING_CHECK_UNSERVED_STEP",
      object,
      message: `Its step "${name}" asks the handler "${asked.name}", which no app lists.`,
      hint: `List "${asked.name}" in an app's handlers.`,
    };
  });
}

function runtimeProblems({ options: { runtime } }: Handler, { object, root }: { object: string; root: string }): CheckMessage[] {
  return (runtime?.check?.(root) ?? []).map((problem) => ({ level: "error", object, ...problem }));
}

function missingSource({ options: { source } }: Handler, { object, root }: { object: string; root: string }): CheckMessage[] {
  if (!source?.startsWith("file:") || existsSync(resolve(root, source.slice("file:".length)))) return [];
  return [
    {
      level: "warning",
      code: "SERVING_CHECK_MISSING_SOURCE",
      object,
      message: `Its source "${source}" is not there, so it cannot answer.`,
      hint: `Put a model at ${source.slice("file:".length)}/1/model.onnx, or correct the source.`,
    },
  ];
}
