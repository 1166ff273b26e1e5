import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How big a generated project is. */
export interface Fixture {
  readonly models: number;
  readonly queries: number;
}

/** The models that a model's three keys lead to, and those whose keys lead to it. */
export function referenced(i: number, models: number): { to: number[]; from: number[] } {
  const steps = [1, 7, 13];
  return { to: steps.map((step) => (i + step) % models), from: steps.map((step) => (i - step + models * 13) % models) };
}

/** What the compiler says of a project. */
export interface TypeCost {
  readonly instantiations: number;
  readonly checkSeconds: number;
  readonly errors: string;
}

const compilerOptions = {
  target: "es2024",
  module: "nodenext",
  types: ["node"],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  allowImportingTsExtensions: true,
};

/** Writes a project that finds its packages in `modules`. */
export function writeProject(folder: string, files: Readonly<Record<string, string>>, modules: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  symlinkSync(modules, join(folder, "node_modules"));
}

/** Checks a project and reads the compiler's own figures. */
export function typeCost(folder: string, compiler: string): TypeCost {
  const { stdout } = spawnSync(process.execPath, [compiler, "-p", folder, "--extendedDiagnostics"], { encoding: "utf8" });
  const figure = (name: string) => Number(new RegExp(`^${name}:\\s+([\\d.]+)`, "m").exec(stdout)?.[1]);
  const errors = stdout.split("\n").filter((line) => line.includes("error TS"));
  return { instantiations: figure("Instantiations"), checkSeconds: figure("Check time"), errors: errors.join("\n") };
}
