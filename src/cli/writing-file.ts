import { cliErrors } from "./errors.ts";

const reasons = { EEXIST: "is there already", ENOENT: "lies in no folder", EACCES: "may not be written" } as const;

/** Runs what writes a file that the command line names. @throws CLI_CANNOT_WRITE */
export async function writingFile<T>(file: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const reason = reasons[(error as { code?: keyof typeof reasons }).code!];
    throw reason === undefined ? error : cliErrors.CLI_CANNOT_WRITE({ file, reason });
  }
}
