import { readFileSync } from "node:fs";

const PAGE = 4096;

/** Bytes of memory that a process occupies, where the system tells. */
export function residentBytes(processId: number | undefined): number | undefined {
  try {
    return Number(readFileSync(`/proc/${processId}/statm`, "utf8").split(" ")[1]) * PAGE;
  } catch {
    return undefined;
  }
}
