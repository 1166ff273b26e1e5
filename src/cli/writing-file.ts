import { cliErrors } from "./errors.ts";

const reasons = {
  EEXIST: "is there already",
  ENOENT: "lies in no folder",
  ENOTDIR: "lies in no folder",
  EACCES: "may not be written",
  EROFS: "may not be written",
  EISDIR: "is a folder",
  ENOSPC: "has no room on its disk",
} as const;

/** Runs what writes a file that the command line names. @throws CLI_CANNOT_WRITE */
export async function writingFile<T>(file: string, write: () => Promise<T>, option?: "--to"): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const reason = reasons[(error as { code?: keyof typeof reasons }).code!];
    throw reason === undefined ? error : cliErrors.CLI_CANNOT_WRITE({ file, reason, option });
  }
}
