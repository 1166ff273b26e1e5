import { accessSync, constants, mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isFull, toldRoom } from "./no-room.ts";

const PREFIX = "cortado-host";

/** The places that this process has swept. */
const swept = new Set<string>();

/**
 * Makes the private folder of a host, named after the process that owns it. The first one of a process also removes those that
 * stayed behind because a host and its owner were killed together. @throws SERVING_NO_ROOM_FOR_HOSTS
 */
export function makeHostFolder(place = memoryFolder()): string {
  if (!swept.has(place)) sweepHostFolders(place);
  swept.add(place);
  try {
    return mkdtempSync(join(place, `${PREFIX}-${pidSpace()}-${process.pid}-`));
  } catch (error) {
    if (isFull(error) && place !== tmpdir()) return makeHostFolder(tmpdir());
    throw toldRoom(error, place);
  }
}

/** Removes the folders of owners that are gone. Only processes that this one could see are looked for. */
function sweepHostFolders(place: string): void {
  const pattern = new RegExp(`^${PREFIX}-${pidSpace()}-(\\d+)-\\w+$`);
  for (const name of readdirSync(place)) {
    const [, owner] = pattern.exec(name) ?? [];
    if (owner === undefined || isAlive(Number(owner))) continue;
    try {
      rmSync(join(place, name), { recursive: true, force: true });
    } catch {
      // Another user's, or another process was quicker.
    }
  }
}

/** A folder whose files never reach a disk, where the system has one and it may be written to: in some containers it may not. */
function memoryFolder(): string {
  try {
    accessSync("/dev/shm", constants.W_OK);
    return "/dev/shm";
  } catch {
    return tmpdir();
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
