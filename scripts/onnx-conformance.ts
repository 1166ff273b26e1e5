// `node --conditions=cortado-source scripts/onnx-conformance.ts [part of a name]`: serves the test models of the ONNX project, as
// Debian ships them (libonnx-testdata), asks each for its recorded inputs, and prints how many give the recorded outputs, which
// do not, and why. The last result is in docs/reference/onnx.md.
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { ModelServer, type Tensor, type Tensors } from "cortado/serving";
import { readTensor } from "./onnx-tensor.ts";
import { installSystemPackages } from "./system-packages.ts";

const DATA = "/usr/share/libonnx-testdata/data";
/** So many models are served at once. */
const GROUP = 40;
/** How far a number may be off, as a part of itself, and besides: what the ONNX project allows. */
const [PART, BESIDES] = [1e-3, 1e-7];

interface Outcome {
  name: string;
  /** What kind of end it came to: `agrees` or why it does not. */
  kind: "agrees" | "does not load" | "not run" | "other numbers" | "not read";
  problem?: string;
}

installSystemPackages(["libonnx-testdata"]);
const [part = ""] = process.argv.slice(2);
const folders = globSync(`${DATA}/*/*/model.onnx`)
  .map((file) => dirname(file))
  .filter((folder) => folder.includes(part))
  .toSorted();
const outcomes: Outcome[] = [];
for (let at = 0; at < folders.length; at += GROUP) {
  outcomes.push(...(await outcomesOf(folders.slice(at, at + GROUP))));
  process.stderr.write(`\r${outcomes.length} of ${folders.length}`);
}
process.stderr.write("\n");
report(outcomes);

/** Serves some of the models from a folder of their own. */
async function outcomesOf(some: readonly string[]): Promise<Outcome[]> {
  const root = mkdtempSync(join(tmpdir(), "cortado-onnx-"));
  for (const folder of some) {
    mkdirSync(join(root, basename(folder)));
    cpSync(join(folder, "model.onnx"), join(root, basename(folder), "model.onnx"));
  }
  const server = new ModelServer({ directories: [root], mode: "explicit" });
  try {
    await server.start();
    // Two at a time, for there are seldom more processors.
    const left = [...some];
    const found: Outcome[] = [];
    const work = async (): Promise<void> => {
      for (let folder = left.pop(); folder !== undefined; folder = left.pop()) found.push(await outcomeOf(server, folder));
    };
    await Promise.all([work(), work()]);
    return found;
  } finally {
    await server.close();
    rmSync(root, { recursive: true, force: true });
  }
}

async function outcomeOf(server: ModelServer, folder: string): Promise<Outcome> {
  const name = basename(folder);
  try {
    await server.load(name);
  } catch (error) {
    return { name, kind: "does not load", problem: (error as Error).message };
  }
  try {
    for (const set of globSync(join(folder, "test_data_set_*"))) {
      const difference = await asked(server, name, set);
      if (difference) return { name, ...difference };
    }
    return { name, kind: "agrees" };
  } catch (error) {
    return { name, kind: "not run", problem: (error as Error).message };
  } finally {
    await server.unload(name);
  }
}

/** How the answers to one recorded set of inputs differ from the recorded outputs. */
async function asked(server: ModelServer, name: string, set: string): Promise<Omit<Outcome, "name"> | undefined> {
  const { inputs, outputs } = server.describe(name).signature!;
  const given: Tensors = {};
  const wanted: [string, Tensor][] = [];
  try {
    for (const [i, input] of inputs.entries()) given[input.name] = readTensor(readFileSync(join(set, `input_${i}.pb`)));
    for (const [i, output] of outputs.entries())
      wanted.push([output.name, readTensor(readFileSync(join(set, `output_${i}.pb`)))]);
  } catch (error) {
    return { kind: "not read", problem: (error as Error).message };
  }
  const { outputs: answers } = await server.infer(name, given);
  for (const [output, tensor] of wanted) {
    const problem = difference(tensor, answers[0]![output]!);
    if (problem) return { kind: "other numbers", problem: `${output}: ${problem}` };
  }
  return undefined;
}

function difference(wanted: Tensor, given: Tensor): string | undefined {
  if (given.datatype !== wanted.datatype) return `${given.datatype} instead of ${wanted.datatype}`;
  if (given.shape.join() !== wanted.shape.join()) return `the shape [${given.shape}] instead of [${wanted.shape}]`;
  for (let i = 0; i < wanted.data.length; i++) {
    const [left, right] = [given.data[i]!, wanted.data[i]!];
    if (!near(left, right)) return `${left} instead of ${right} at ${i}`;
  }
  return undefined;
}

function near(given: number | bigint | string, wanted: number | bigint | string): boolean {
  if (typeof given !== "number" || typeof wanted !== "number") return given === wanted;
  return given === wanted || Object.is(given, wanted) || Math.abs(given - wanted) <= BESIDES + PART * Math.abs(wanted);
}

function report(all: readonly Outcome[]): void {
  const kinds = Map.groupBy(all, ({ kind }) => kind);
  for (const [kind, of] of kinds) {
    if (kind === "agrees") continue;
    console.log(`\n${kind}: ${of.length}`);
    for (const { name, problem } of of.toSorted((a, b) => a.name.localeCompare(b.name))) console.log(`  ${name}: ${problem}`);
  }
  const agree = kinds.get("agrees")?.length ?? 0;
  console.log(`\n${agree} of ${all.length} models agree (${((100 * agree) / all.length).toFixed(1)} %).`);
}
