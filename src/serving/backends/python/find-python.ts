import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import type { PythonPlace } from "./python-options.ts";

/** A Python and the environment that it runs in. */
export interface Interpreter {
  program: string;
  env: NodeJS.ProcessEnv;
}

const isWindows = process.platform === "win32";
const folder = isWindows ? "Scripts" : "bin";

/** The program that a place names: its own, that of its virtual environment, that of the project's `.venv`, or `python3`. */
export function findPython(place: PythonPlace, root: string, threads: number | undefined): Interpreter {
  const { python, venv } = place;
  const env = { ...process.env, ...threadLimits(place.threads ?? threads), ...place.env };
  const home = venv === undefined ? resolve(root, ".venv") : resolve(root, venv);
  if (python === undefined && (venv !== undefined || existsSync(home))) return inside(home, env);
  const program = python ?? (isWindows ? "python" : "python3");
  return { program: /[\\/]/.test(program) ? resolve(root, program) : program, env };
}

function inside(home: string, env: NodeJS.ProcessEnv): Interpreter {
  const path = [join(home, folder), env["PATH"]].filter(Boolean).join(delimiter);
  return { program: join(home, folder, isWindows ? "python.exe" : "python"), env: { ...env, VIRTUAL_ENV: home, PATH: path } };
}

/** Libraries take all cores where nobody says otherwise, and then several instances take turns at spinning. */
function threadLimits(threads: number | undefined): Record<string, string> {
  if (threads === undefined) return {};
  const names = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"];
  return Object.fromEntries(names.map((name) => [name, String(threads)]));
}
