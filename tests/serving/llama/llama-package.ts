import { installPackages } from "../own-packages.ts";

const isThisMachine = process.platform === "linux" && process.arch === "x64";

/** The folder of `node-llama-cpp` with its program for this machine's processor; undefined where it cannot be had. */
export const llamaPackages: string | undefined = isThisMachine ? installPackages(import.meta.dirname, "llama") : undefined;

/** Why a test of it is skipped, or false. */
export const skipped =
  llamaPackages === undefined &&
  (isThisMachine ? "node-llama-cpp cannot be installed" : "only the package's program for Linux on x64 is installed");
