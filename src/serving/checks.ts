import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { CheckMessage, ProjectSettings } from "#kernel";
import { type Handler, isHandler } from "./handlers/handler.ts";

/** Looks at the handlers of a project: names that clash, sources that are not there. */
export function checkHandlers(project: ProjectSettings): CheckMessage[] {
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
    return [...(before === undefined ? [] : [clash(object, before)]), ...missingSource(handler, { object, root: project.root })];
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
