// Runs test files with Node's own runner, reports failures and skips, and returns the counts.
import { chmodSync, globSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fromSource, root } from "./run-command.ts";

export interface Counts {
  passed: number;
  failed: number;
  skipped: string[];
}

/** The temporary folder of all tests of this process, which goes with it. PostgreSQL enters it as another user. */
const scratch = mkdtempSync(join(tmpdir(), "cortado-"));
chmodSync(scratch, 0o711);
process.env["TMPDIR"] = scratch;
process.once("exit", () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }));

/** Most of a small test file's time goes into loading: with few collections and no helper threads it takes a fifth less. */
const quickStart = ["--max-semi-space-size=64", "--v8-pool-size=0"];

/** Milliseconds for a test in its long form: 200 processes that are killed, a minute of reloads. */
const LONG_FORM = 20 * 60_000;

/** Runs the test files that the patterns name, each in a process of its own. */
export async function runTests(
  patterns: readonly string[],
  options: { exclude?: (file: string) => boolean; timeout?: number; concurrency?: number | undefined } = {},
): Promise<Counts> {
  const files = globSync(patterns as string[], { cwd: root })
    .filter((file) => !options.exclude?.(file))
    .map((file) => `${root}/${file}`)
    .sort();
  const counts: Counts = { passed: 0, failed: 0, skipped: [] };
  if (files.length === 0) return counts;
  // Test files, model hosts and trainers strip and compile the same sources: kept, it costs a third less of all CPU time.
  process.env["NODE_COMPILE_CACHE"] ??= join(root, "node_modules/.cache/compiled");
  const stream = run({
    files,
    execArgv: [...fromSource, ...quickStart],
    concurrency: options.concurrency ?? availableParallelism(),
    timeout: process.env["CORTADO_LONG"] ? LONG_FORM : (options.timeout ?? 120_000),
  });
  stream.on("test:pass", (test) => {
    if (test.skip !== undefined && test.skip !== false)
      counts.skipped.push(`${test.name}${typeof test.skip === "string" && test.skip ? ` (${test.skip})` : ""}`);
    else if (isLeaf(test)) counts.passed++;
  });
  stream.on("test:fail", (test) => {
    if (isLeaf(test) || test.nesting === 0) counts.failed++;
  });
  const printed = stream.compose(new spec());
  for await (const chunk of printed) process.stdout.write(process.env["VERBOSE"] ? chunk : onlyTrouble(String(chunk)));
  return counts;
}

const isLeaf = (test: { details: { type?: string } }) => test.details.type !== "suite";

/** A green line says nothing that the total does not; what failed is printed whole. */
function onlyTrouble(text: string): string {
  const lines = text.split("\n");
  return lines.filter((line) => !/^\s*(✔|▶|﹣|ℹ)/.test(line)).join("\n");
}

/** What tests left in the temporary folder, by kind: `cortado-push (12)`. */
function leftovers(): string[] {
  const kinds = Map.groupBy(readdirSync(scratch), (name) => name.replace(/-[^-]*$/, ""));
  return [...kinds].map(([kind, names]) => `${kind} (${names.length})`);
}

/** Prints what was skipped, and why, and what was left behind, then `N passed, N failed`; the exit code follows. */
export function conclude(counts: Counts): void {
  const reasons = new Map<string, number>();
  for (const title of counts.skipped) {
    const reason = /\(([^()]*)\)$/.exec(title)?.[1] ?? title;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  for (const [reason, n] of reasons) console.log(`skipped ${n}: ${reason}`);
  const left = leftovers();
  if (left.length > 0) console.log(`left in the temporary folder: ${left.join(", ")}`);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
}
