import { randomUUID } from "node:crypto";
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

/** What is done while a lock is held; `demandHeld` goes before what nobody else may do meanwhile, and has it all begun anew if need be. */
type Work<T> = (demandHeld: () => Promise<void>) => Promise<T>;

/** The holder of a lock was taken for dead, as one that was stopped for a while is, and another holds it. */
class LockLost extends Error {}

/**
 * Does something while no other process does it. The lock is a folder, for making one is one step on every file system; who
 * holds it stands in it. One whose holder is dead is moved aside under a name that only it can have, so that of many that
 * find it dead one alone takes it. A holder that goes on after that finds that the lock is another's. Waiting ends with the
 * signal.
 */
export async function withFolderLock<T>(path: string, work: Work<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await heldOnce(path, work, signal);
  } catch (error) {
    if (error instanceof LockLost) return withFolderLock(path, work, signal);
    throw error;
  }
}

async function heldOnce<T>(path: string, work: Work<T>, signal: AbortSignal | undefined): Promise<T> {
  const holder = `${hostname()} ${process.pid} ${randomUUID()}`;
  let dead: string | undefined;
  const seen = { sign: "", since: 0 };
  while (!(await take(path, holder))) {
    signal?.throwIfAborted();
    dead = (await moveAside(path, seen)) ?? (await sleep(LOOK_EVERY, dead));
  }
  const signs = setInterval(() => void giveSign(path, holder), SIGN_EVERY).unref();
  try {
    return await work(async () => {
      if ((await holderOf(path)) !== holder) throw new LockLost();
    });
  } finally {
    clearInterval(signs);
    await giveUp(path, holder);
    if (dead !== undefined) await rm(dead, { recursive: true, force: true });
  }
}

async function giveSign(path: string, holder: string): Promise<void> {
  if ((await holderOf(path)) === holder) await utimes(path, new Date(), new Date()).catch(() => {});
}

/** Lets go of a lock that is still one's own. It is moved first: what is found to be another's after all is put back. */
async function giveUp(path: string, holder: string): Promise<void> {
  if ((await holderOf(path)) !== holder) return;
  const aside = `${path}.${holder.split(" ")[2]}`;
  const isMoved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!isMoved) return;
  if ((await holderOf(aside)) === holder) await rm(aside, { recursive: true, force: true });
  else await rename(aside, path).catch(() => rm(aside, { recursive: true, force: true }));
}

/** Who holds a lock; undefined where nobody does, or has not said who he is. */
async function holderOf(path: string): Promise<string | undefined> {
  return readFile(join(path, OWNER), "utf8").catch(() => undefined);
}

async function take(path: string, holder: string): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  try {
    await writeFile(join(path, OWNER), holder);
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
  const holder = await holderOf(path);
  if (!holder) return silent > NAMED_WITHIN;
  const [host, pid] = holder.split(" ");
  if (host !== hostname() || !(Number(pid) > 0)) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
