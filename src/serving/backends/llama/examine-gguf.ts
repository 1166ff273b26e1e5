import { join } from "node:path";
import {
  type Examination,
  type ExamineOptions,
  strangeInput,
  type TimedBatch,
  type TimedWriting,
} from "../../engines/examination.ts";
import type { ItemRunner } from "../../engines/runtime.ts";
import { findGguf } from "./find-gguf.ts";
import { ggufContents } from "./gguf/gguf-contents.ts";
import { readGguf } from "./gguf/read-gguf.ts";
import type { LlamaEnd } from "./llama-messages.ts";

/** The tokens of the answer that is timed. */
const TOKENS = 48;
/** What is asked: as long as a short paragraph. */
const QUESTION = "Water boils at a lower temperature on a mountain, because the air presses less on it there. ".repeat(2);
/** How often texts are turned into numbers; the first one warms up. */
const RUNS = 4;

/** Says what a GGUF file is, by its head, and times its model: how soon and how quickly it writes, or makes texts numbers. */
export async function examineGguf(
  { directory, file, shapes }: ExamineOptions & { directory: string; file?: string | undefined },
  load: () => Promise<ItemRunner>,
): Promise<Examination> {
  const found: Examination = { batches: [], threads: [], guessed: [] };
  const strange = strangeInput([], { shapes });
  if (strange) return { ...found, ...strange };
  let runner: ItemRunner | undefined;
  try {
    found.contents = ggufContents(readGguf(join(directory, file ?? (await findGguf(directory)))));
    const started = performance.now();
    runner = await load();
    found.load = performance.now() - started;
    if (runner.tasks!.includes("embeddings")) found.batches.push(await timedText(runner));
    else found.writing = await timedWriting(runner);
    const memory = runner.memory?.();
    if (memory) found.memory = memory;
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    found.problem = hint === undefined ? message : `${message} ${hint}`;
  } finally {
    await runner?.close();
  }
  return found;
}

const unhurried = (): { signal: AbortSignal } => ({ signal: new AbortController().signal });

async function timedWriting(runner: ItemRunner): Promise<TimedWriting> {
  const started = performance.now();
  let first: number | undefined;
  let end: LlamaEnd | undefined;
  for await (const piece of runner.stream!({ prompt: QUESTION, maxTokens: TOKENS, temperature: 0 }, unhurried())) {
    first ??= performance.now() - started;
    if (typeof piece !== "string") end = piece as LlamaEnd;
  }
  const { promptTokens, completionTokens: tokens } = end!.usage;
  const writing = performance.now() - started - first!;
  return { promptTokens, tokens, first: first!, aSecond: tokens > 1 ? ((tokens - 1) / writing) * 1000 : 0 };
}

async function timedText(runner: ItemRunner): Promise<TimedBatch> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) times.push((await runner.run([`${QUESTION}${run}`], unhurried())).milliseconds);
  const [, ...warm] = times;
  return { rows: 1, milliseconds: warm.sort((a, b) => a - b)[Math.floor(warm.length / 2)]! };
}
