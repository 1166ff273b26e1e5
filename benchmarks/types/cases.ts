import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Case, Subject } from "../measure.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { cortadoFiles } from "./cortado-fixture.ts";
import { drizzleFiles, nextDrizzleFiles } from "./drizzle-fixture.ts";
import { type Fixture, typeCost, writeProject } from "./fixture.ts";

const root = join(import.meta.dirname, "../..");
const peerModules = join(import.meta.dirname, "../peers/node_modules");
const compiler = join(root, "node_modules/typescript/bin/tsc");

/** What users compile against are declarations: they are built once for a run. */
function builtModules(): string {
  if (!existsSync(join(root, "dist/index.d.ts"))) spawnSync(process.execPath, [join(root, "scripts/build.ts")], { cwd: root });
  return join(root, "node_modules");
}

/** The peers' packages, with drizzle's next version in drizzle's place. */
function nextModules(): string {
  const folder = join(temporaryFolder(), "node_modules");
  mkdirSync(folder);
  for (const name of readdirSync(peerModules))
    if (name !== "drizzle-orm") symlinkSync(join(peerModules, name), join(folder, name));
  symlinkSync(join(peerModules, "drizzle-orm-next"), join(folder, "drizzle-orm"));
  return folder;
}

function subject(name: string, files: Readonly<Record<string, string>>, modules: () => string): Subject {
  return {
    name,
    async open() {
      const folder = join(temporaryFolder(), "project");
      writeProject(folder, files, modules());
      return {
        run() {
          const { instantiations, errors } = typeCost(folder, compiler);
          if (errors !== "") throw new Error(`${name} does not compile: ${errors}`);
          return instantiations;
        },
      };
    },
  };
}

function caseOf(fixture: Fixture): Case {
  return {
    name: `${fixture.models}-models`,
    unit: "instantiations",
    measures: `types that tsc instantiates for ${fixture.models} models and ${fixture.queries} queries`,
    windows: 1,
    bar: 1,
    reference: ["drizzle", "drizzle 1.0 rc"],
    subjects: [
      subject("cortado", cortadoFiles(fixture), builtModules),
      subject("drizzle", drizzleFiles(fixture), () => peerModules),
      subject("drizzle 1.0 rc", nextDrizzleFiles(fixture), nextModules),
    ],
  };
}

export const cases: readonly Case[] = [caseOf({ models: 60, queries: 180 }), caseOf({ models: 100, queries: 300 })];
