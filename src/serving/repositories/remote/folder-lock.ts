import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds between two signs of life of who holds a lock. */
const SIGN_EVERY = 2_000;
/** Milliseconds without a sign after which its holder is taken for dead. */
const DEAD_AFTER = 15_000;
/** The same where the last sign looks as old as that already; but so it does, too, when the machine's clock was set. */
const SURE_AFTER = 3 * SIGN_EVERY;
/** Milliseconds in which who takes a lock says who it is. */
const NAMED_WITHIN = 1_000;
const LOOK_EVERY = 20;
const OWNER = "owner";

/**
 * Does something while no other process does it. The lock is a folder, for making one is one step on every file system; who
 * holds it stands in it. One whose holder is dead is moved aside under a name that only it can have, so that of many that
 * find it dead one alone takes it. Waiting ends with the signal.
 */
export async function withFolderLock<T>(path: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  let dead: string | undefined;
  const seen = { sign: "", since: 0 };
  while (!(await take(path))) {
    signal?.throwIfAborted();
    dead = (await moveAside(path, seen)) ?? (await sleep(LOOK_EVERY, dead));
  }
  const signs = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), SIGN_EVERY).unref();
  try {
    return await work();
  } finally {
    clearInterval(signs);
    await rm(path, { recursive: true, force: true });
    if (dead !== undefined) await rm(dead, { recursive: true, force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  try {
    await writeFile(join(path, OWNER), `${hostname()} ${process.pid}`);
    return true;
  } catch (error) {
    // A full disk has room for a folder and none for what stands in it.
    await rm(path, { recursive: true, force: true });
    throw error;
  }
}

/** The last sign of life of who holds a lock, and since when who waits has seen no other. */
interface Seen {
  sign: string;
  since: number;
}

/** The new name of a lock whose holder is dead. */
async function moveAside(path: string, seen: Seen): Promise<string | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) return undefined;
  const sign = `${stats.ino} ${stats.mtimeMs}`;
  if (sign !== seen.sign) Object.assign(seen, { sign, since: performance.now() });
  const silent = performance.now() - seen.since;
  const looksDead = silent > SURE_AFTER && Date.now() - stats.mtimeMs > DEAD_AFTER;
  if (!looksDead && !(await isDead(path, silent))) return undefined;
  const aside = `${path}.${stats.ino}-${Math.floor(stats.birthtimeMs)}`;
  try {
    await rename(path, aside);
    return aside;
  } catch {
    return undefined;
  }
}

/** True where the holder gives no sign of life, ended before it had said who it is, or was a process of this machine that is no more. */
async function isDead(path: string, silent: number): Promise<boolean> {
  if (silent > DEAD_AFTER) return true;
  const owner = await readFile(join(path, OWNER), "utf8").catch(() => "");
  if (owner === "") return silent > NAMED_WITHIN;
  const [host, pid] = owner.split(" ");
  if (host !== hostname() || !(Number(pid) > 0)) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
