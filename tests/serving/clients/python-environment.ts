import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const environments = resolve(import.meta.dirname, "../../../var/python");

interface Wanted {
  packages: readonly string[];
  /** Debian's Python with its packages, for what needs torch or the library of exactly this Python. */
  debian?: boolean;
}

/** The folder of a virtual environment with some packages of PyPI, made on first use; undefined where they cannot be had. */
export function pythonEnvironment(name: string, { packages, debian = false }: Wanted): string | undefined {
  const folder = join(environments, name);
  if (existsSync(join(folder, "installed"))) return folder;
  mkdirSync(environments, { recursive: true });
  const python = debian ? "/usr/bin/python3" : "python3";
  const made = spawnSync(python, ["-m", "venv", ...(debian ? ["--system-site-packages"] : []), folder]);
  const install = ["install", "--quiet", "--disable-pip-version-check", ...packages];
  const installed = made.status === 0 && spawnSync(join(folder, "bin/pip"), install, { timeout: 240_000 }).status === 0;
  if (installed) writeFileSync(join(folder, "installed"), "");
  else rmSync(folder, { recursive: true, force: true });
  return installed ? folder : undefined;
}
