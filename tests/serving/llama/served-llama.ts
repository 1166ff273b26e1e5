import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { llamaPackages } from "./llama-package.ts";

/** A folder for models beside the packages, where a project's own would be found; it goes with the process. */
export function modelsFolder(): string {
  const folder = mkdtempSync(join(llamaPackages ?? import.meta.dirname, "models-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The processes of this one that hold GGUF models, as Linux tells. */
export function llamaProcesses(): number[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").trim();
  return children.split(" ").filter((pid) => pid !== "" && commandOf(pid).includes("llama-worker")).map(Number); // oxfmt-ignore
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
