import { mkdir, rm, stat, utimes } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds between two signs of life of who holds a lock. */
const SIGN_EVERY = 2_000;
/** Milliseconds without a sign after which its holder is taken for dead. */
const DEAD_AFTER = 15_000;
const LOOK_EVERY = 50;

/** Does something while no other process does it: the lock is a folder, for making one is one step on every file system. */
export async function withFolderLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  while (!(await take(path))) await sleep(LOOK_EVERY);
  const signs = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), SIGN_EVERY).unref();
  try {
    return await work();
  } finally {
    clearInterval(signs);
    await rm(path, { recursive: true, force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const stats = await stat(path).catch(() => undefined);
    if (stats && Date.now() - stats.mtimeMs > DEAD_AFTER) await rm(path, { recursive: true, force: true });
    return false;
  }
}
