import { mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";

/** The places that this process has swept, by the kind of folder. */
const swept = new Set<string>();

/**
 * Makes a folder that is this process's own, named after it, in a place that others use too. The first of its kind also removes
 * those of processes that were killed before they could: `makeOwnedFolder("/var/uploads", "cortado-upload")`.
 */
export function makeOwnedFolder(place: string, kind: string): string {
  const [sort, started] = [join(place, kind), `${kind}-${pidSpace()}-`];
  if (!swept.has(sort)) removeOrphans(place, started);
  swept.add(sort);
  return mkdtempSync(join(place, `${started}${process.pid}-`));
}

/** Removes the folders of owners that are gone. Only processes that this one could see are looked for. */
function removeOrphans(place: string, started: string): void {
  for (const name of namesIn(place)) {
    const owner = name.startsWith(started) && /^(\d+)-\w+$/.exec(name.slice(started.length))?.[1];
    if (!owner || isAlive(Number(owner))) continue;
    try {
      rmSync(join(place, name), { recursive: true, force: true });
    } catch {
      // Another user's, or another process was quicker.
    }
  }
}

function namesIn(place: string): string[] {
  try {
    return readdirSync(place);
  } catch {
    return []; // A place that may be written to need not be one that may be listed.
  }
}

/** Which processes the numbers of processes stand for: containers that share a folder may each have a process of the same number. */
function pidSpace(): string {
  try {
    return Number(/\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? 0).toString(36);
  } catch {
    return "0";
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
