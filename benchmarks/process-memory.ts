import { readdirSync, readFileSync } from "node:fs";

interface Process {
  id: number;
  parent: number;
}

/** The bytes that a process and those that it started hold in memory, what they share counted in part for each. Linux alone tells. */
export function memoryOf(processId: number): number {
  const all = processes();
  const family = new Set([processId]);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const { id, parent } of all) if (family.has(parent)) family.add(id);
  }
  return [...family].reduce((sum, id) => sum + proportionalBytes(id), 0);
}

function processes(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const parent = Number(readFileSync(`/proc/${name}/stat`, "utf8").split(") ").at(-1)!.split(" ")[1]);
        return [{ id: Number(name), parent }];
      } catch {
        return [];
      }
    });
}

/** A page that several processes share counts for each of them in part. */
function proportionalBytes(id: number): number {
  try {
    return Number(/^Pss: +(\d+) kB/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
