import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { readNames } from "../version-folders.ts";

/** Begins the names of what nobody writes into any more. */
const LEFT = "left";

/**
 * Does something in a folder into which nobody else writes, with what an earlier attempt left there: the folder of one that has
 * ended is taken, of one that was stopped and may go on it has a copy. What stays of it is left to the next.
 */
export async function inOwnFolder<T>(folder: string, work: (own: string) => Promise<T>): Promise<T> {
  const id = randomUUID();
  const own = join(folder, `${hostname()} ${process.pid} ${id}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await takeOver(folder, own);
  await mkdir(own, { recursive: true, mode: 0o700 });
  try {
    return await work(own);
  } finally {
    await rename(own, join(folder, `${LEFT} ${id}`)).catch(() => {});
  }
}

async function takeOver(folder: string, own: string): Promise<void> {
  const names = await readNames(folder);
  const over = names.find((name) => isOver(name));
  if (over !== undefined) return rename(join(folder, over), own);
  const stopped = names[0];
  if (stopped === undefined) return;
  const copied = cp(join(folder, stopped), own, { recursive: true, mode: constants.COPYFILE_FICLONE });
  // It may go on just now, or there is no room for both: then all is brought anew.
  await copied.catch(() => rm(own, { recursive: true, force: true }));
}

/** True where it was left, or by a process of this machine that is no more. */
function isOver(name: string): boolean {
  const [host, pid] = name.split(" ");
  if (host === LEFT) return true;
  if (host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
