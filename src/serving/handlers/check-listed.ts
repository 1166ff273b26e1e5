import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CheckMessage, ProjectSettings } from "#kernel";

/** Finds apps that have a `handlers.ts` and do not list it: what it holds would answer nothing, and nothing would say so. */
export function checkListed({ apps }: ProjectSettings): CheckMessage[] {
  return apps.flatMap(({ name, directory, handlers }) => {
    if (handlers !== undefined || directory === undefined || !existsSync(join(directory, "handlers.ts"))) return [];
    return {
      level: "warning" as const,
      code: "SERVING_CHECK_UNLISTED_HANDLERS",
      object: name,
      message: "It has a file handlers.ts, and does not list handlers: none of them is served.",
      hint: 'In its app.ts: import * as handlers from "./handlers.ts"; defineApp({ …, handlers }).',
    };
  });
}
