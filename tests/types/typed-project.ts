import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../temporary-folder.ts";

const root = join(import.meta.dirname, "../..");
const compiler = join(root, "node_modules/typescript/bin/tsc");

/** What the compiler says of a project: its errors by file, and how many types it instantiated. */
export interface Verdict {
  readonly instantiations: number;
  /** Each error with the lines that explain it; the message alone, without where it stands. */
  readonly errors: Readonly<Record<string, readonly string[]>>;
  readonly folder: string;
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

/**
 * Projects that use Cortado as an installed package does: by its declarations, which are made anew from the source
 * when the first of them is compiled.
 */
export class TypedProjects {
  readonly #folder = temporaryFolder();
  #count = 0;

  constructor() {
    const config = join(this.#folder, "tsconfig.json");
    const emit = { emitDeclarationOnly: true, sourceMap: false, declarationMap: false, outDir: this.#modules("cortado/dist") };
    const build = { ...emit, noCheck: true, rootDir: join(root, "src"), typeRoots: [join(root, "node_modules/@types")] };
    writeFileSync(
      config,
      JSON.stringify({
        extends: join(root, "tsconfig.build.json"),
        compilerOptions: build,
        include: [join(root, "src/orm"), join(root, "src/templates")],
      }),
    );
    const { stdout } = run(["-p", config]);
    if (stdout !== "") throw new Error(`The declarations cannot be made: ${stdout}`);
    cpSync(join(root, "package.json"), this.#modules("cortado/package.json"));
    // As strict package managers do: a project sees what it asked for, not what its packages did.
    for (const name of readdirSync(join(root, "node_modules")))
      if (name !== "cortado" && !name.startsWith("."))
        this.#link(name, name === "@types" || name === "zod" ? name : `cortado/node_modules/${name}`);
  }

  /** Compiles files as a project of their own. */
  compile(files: Readonly<Record<string, string>>, options: Readonly<Record<string, unknown>> = {}): Verdict {
    this.#count += 1;
    const folder = join(this.#folder, `project${this.#count}`);
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { ...compilerOptions, ...options }, include: ["*.ts", ".cortado/*.d.ts"] }),
    );
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, ".."), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    // As many checkers on every machine: each instantiates for itself what it needs.
    const { stdout } = run(["-p", ".", "--extendedDiagnostics", "--checkers", "4", "--pretty", "false"], folder);
    return { folder, errors: errorsIn(stdout), instantiations: Number(/^Instantiations:\s+(\d+)/m.exec(stdout)?.[1]) };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #link(name: string, to: string): void {
    symlinkSync(join(root, "node_modules", name), this.#modules(to));
  }
  #modules(path: string): string {
    const found = join(this.#folder, "node_modules", path);
    mkdirSync(join(found, ".."), { recursive: true });
    return found;
  }
}

/** What the compiler wrote of a project's file. */
export function written(verdict: Verdict, file: string): string {
  return readFileSync(join(verdict.folder, file), "utf8");
}

function run(given: readonly string[], folder = root): { stdout: string } {
  return spawnSync(process.execPath, [compiler, ...given], { cwd: folder, encoding: "utf8", timeout: 60_000 });
}

function errorsIn(output: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  let list: string[] = [];
  for (const line of output.split("\n")) {
    const [, file, message] = /^(\S+)\(\d+,\d+\): error TS\d+: (.*)$/.exec(line) ?? [];
    if (file !== undefined) (list = found[file] ??= []).push(message!);
    else if (line.startsWith("  ") && list.length > 0) list[list.length - 1] += `\n${line}`;
  }
  return found;
}
