import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** A process, told apart from one that has the same number after a restart. */
export function newOwner(): string {
  return `${hostname()} ${process.pid} ${randomBytes(6).toString("hex")}`;
}

/** True when the process that owned a run is certainly gone: it ran on this machine, and is not there any more. */
export function isOwnerGone(owner: string, self: string): boolean {
  const [host, pid] = owner.split(" ");
  const [ownHost, ownPid] = self.split(" ");
  if (owner === self || host !== ownHost) return false;
  return pid === ownPid || !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** In a container whose first process reaps nobody, the dead keep their number: Linux says so in /proc. */
function isZombie(pid: number): boolean {
  if (process.platform !== "linux") return false;
  try {
    return /^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
