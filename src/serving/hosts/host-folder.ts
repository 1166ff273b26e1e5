import { accessSync, constants } from "node:fs";
import { tmpdir } from "node:os";
import { makeOwnedFolder } from "#kernel";
import { isFull, toldRoom } from "./no-room.ts";

/**
 * Makes the private folder of a host, named after the process that owns it. The first one of a process also removes those that
 * stayed behind because a host and its owner were killed together. @throws SERVING_NO_ROOM_FOR_HOSTS
 */
export function makeHostFolder(place = memoryFolder()): string {
  try {
    return makeOwnedFolder(place, "cortado-host");
  } catch (error) {
    if (isFull(error) && place !== tmpdir()) return makeHostFolder(tmpdir());
    throw toldRoom(error, place);
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
