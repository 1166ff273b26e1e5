// A project in a temporary folder that a page's blocks are written into, with `cortado` linked to this repository.
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type DocBlock, root } from "./doc-blocks.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const run = promisify(execFile);
/** What needs a network, serves on, or is run by the tests themselves. */
const isTriedElsewhere = /^(npm|cd|curl|npx tsc|npx cortado (runserver|serve|start|check))\b/;
const fromSource = ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning"];

export class DocProject {
  readonly folder: string;
  readonly #env = { ...process.env, CORTADO_PASSWORD: "a long secret of ada", NODE_TEST_CONTEXT: undefined };

  /** A new project, as `npm create cortado mysite` makes it. */
  static async create(): Promise<DocProject> {
    const folder = join(realpathSync(temporaryFolder()), "mysite");
    await run(process.execPath, [join(root, "create-cortado/create-cortado.mjs"), folder]);
    return new DocProject(folder);
  }

  private constructor(folder: string) {
    this.folder = folder;
    for (const name of ["zod", "@types/node", "onnxruntime-node"]) this.#link(name, join(root, "node_modules", name));
    this.#link("cortado", root);
  }

  #link(name: string, target: string): void {
    const link = join(this.folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link);
  }

  write(file: string, text: string): void {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** Does what a block asks a reader to do: writes its file, or runs its commands. */
  async follow(block: DocBlock): Promise<void> {
    if (block.file) return this.write(block.file, block.text);
    if (block.language !== "sh") return;
    for (const line of block.text.replaceAll("\\\n", " ").trim().split("\n")) await this.command(line);
  }

  /** Runs a line of a terminal. */
  async command(line: string): Promise<string> {
    if (isTriedElsewhere.test(line)) return "";
    const [program, ...args] = wordsOf(line);
    if (program === "npx" && args[0] === "cortado") return this.cortado(...args.slice(1));
    if (program === "node") return this.node(...args);
    if (program === "mkdir") mkdirSync(join(this.folder, args.at(-1)!), { recursive: true });
    else if (program === "cp") copyFileSync(join(this.folder, args[0]!), join(this.folder, args[1]!));
    else throw new Error(`The docs run "${line}", and doc-project.ts does not know how.`);
    return "";
  }

  async cortado(...args: string[]): Promise<string> {
    return this.node(join(root, "bin/cortado.mjs"), ...args);
  }

  async node(...args: string[]): Promise<string> {
    const { stdout } = await this.#run(process.execPath, [...fromSource, ...args]);
    return stdout;
  }

  async typeCheck(): Promise<string> {
    const { stdout } = await this.#run(join(root, "node_modules/.bin/tsc"), ["--customConditions", "cortado-source"]);
    return stdout;
  }

  async #run(program: string, args: readonly string[]): Promise<{ stdout: string }> {
    try {
      return await run(program, args, { cwd: this.folder, env: this.#env });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${[program, ...args].join(" ")}\n${stdout}\n${stderr}`);
    }
  }

  /** Removes one file, or the whole project. */
  remove(file?: string): void {
    rmSync(file ? join(this.folder, file) : dirname(this.folder), { recursive: true, force: true });
  }
}

/** The words of a line, as a shell would take them apart. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, plain]) => single ?? double ?? plain!);
}

/** A line that begins with `curl`, as a request. */
export function curlRequest(line: string): { url: string; init: RequestInit } {
  const words = wordsOf(line).slice(1);
  const headers = new Headers();
  const init: RequestInit = { headers, redirect: "manual" };
  let url = "";
  while (words.length > 0) {
    const word = words.shift()!;
    if (word === "-H")
      headers.append(
        ...(words
          .shift()!
          .split(/: (.*)/s)
          .slice(0, 2) as [string, string]),
      );
    else if (word === "-X") init.method = words.shift()!;
    else if (word === "-d") init.body = words.shift()!;
    else if (!word.startsWith("-")) url = word;
  }
  if (init.body && !headers.has("content-type")) headers.set("content-type", "application/x-www-form-urlencoded");
  return { url, init: { method: init.body ? "POST" : "GET", ...init } };
}
