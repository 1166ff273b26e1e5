import { readdirSync, readFileSync } from "node:fs";

/** The processes that a process has started and that have not ended, as Linux tells; none elsewhere. */
export function childrenOf(pid: number): number[] {
  if (process.platform !== "linux") return [];
  const numbers = readdirSync("/proc").filter((each) => /^\d+$/.test(each));
  return numbers.filter((id) => /\) [^Z] (\d+)/.exec(readText(`/proc/${id}/stat`))?.[1] === String(pid)).map(Number);
}

/** A file of a process, which may be gone. */
export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
