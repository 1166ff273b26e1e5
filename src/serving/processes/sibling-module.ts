import { fileURLToPath } from "node:url";

/** The path of a module that lies beside the caller: `.ts` in the source, `.js` in the build. */
export function siblingModule(callerUrl: string, name: string): string {
  const extension = callerUrl.endsWith(".ts") ? ".ts" : ".js";
  return fileURLToPath(new URL(`./${name}${extension}`, callerUrl));
}

/** The flags with which Node runs the caller's kind of file. */
export function nodeFlags(callerUrl: string): string[] {
  return callerUrl.endsWith(".ts") ? ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning"] : [];
}
