import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Case, Subject } from "../measure.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { cortadoFiles } from "./cortado-fixture.ts";
import { drizzleFiles, nextDrizzleFiles } from "./drizzle-fixture.ts";
import { type Fixture, type TypeCost, typeCost, writeProject } from "./fixture.ts";

const root = join(import.meta.dirname, "../..");
const peerModules = join(import.meta.dirname, "../peers/node_modules");
const compiler = join(root, "node_modules/typescript/bin/tsc");

/** What users compile against are declarations: they are built as the sources are now. */
function builtModules(): string {
  spawnSync(process.execPath, [join(root, "scripts/build.ts")], { cwd: root });
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

/** What is read off the compiler. */
type Figure = (cost: TypeCost) => number;

interface Project {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly modules: () => string;
}

function projects(fixture: Fixture): Project[] {
  return [
    { name: "cortado", files: cortadoFiles(fixture), modules: builtModules },
    { name: "drizzle", files: drizzleFiles(fixture), modules: () => peerModules },
    { name: "drizzle 1.0 rc", files: nextDrizzleFiles(fixture), modules: nextModules },
  ];
}

function subject({ name, files, modules }: Project, figure: Figure): Subject {
  return {
    name,
    async open() {
      const folder = join(temporaryFolder(), "project");
      writeProject(folder, files, modules());
      return {
        run() {
          const cost = typeCost(folder, compiler);
          if (cost.errors !== "") throw new Error(`${name} does not compile: ${cost.errors}`);
          return figure(cost);
        },
      };
    },
  };
}

function casesOf(fixture: Fixture): Case[] {
  const about = `for ${fixture.models} models and ${fixture.queries} queries`;
  const made = projects(fixture);
  const reference = made.map(({ name }) => name).filter((name) => name !== "cortado");
  return [
    {
      name: `${fixture.models}-models`,
      unit: "instantiations",
      measures: `types that tsc instantiates ${about}`,
      windows: 1,
      bar: 1,
      reference,
      subjects: made.map((project) => subject(project, ({ instantiations }) => instantiations)),
    },
    {
      name: `check-${fixture.models}-models`,
      unit: "ms",
      measures: `time that tsc checks ${about}`,
      windows: 5,
      bar: 1,
      reference,
      subjects: made.map((project) => subject(project, ({ checkSeconds }) => checkSeconds * 1000)),
    },
  ];
}

export const cases: readonly Case[] = [casesOf({ models: 60, queries: 180 }), casesOf({ models: 100, queries: 300 })].flat();
