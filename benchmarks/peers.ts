import { createRequire } from "node:module";
import { join } from "node:path";

/** Loads a package that is installed for comparison, from `benchmarks/peers`. */
export const peer = createRequire(join(import.meta.dirname, "peers/package.json"));
