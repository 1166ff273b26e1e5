import { servingErrors } from "../errors.ts";

/** True where bytes, files, or what a user may have of them are used up. */
export function isFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "");
}

/** An error of the file system; where the folder has no room, one that says what to mend. */
export function toldRoom(error: unknown, folder: string): unknown {
  return isFull(error) ? servingErrors.SERVING_NO_ROOM_FOR_HOSTS({ folder }) : error;
}
