import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { CortadoError } from "#kernel";
import type { Engine } from "../engines/engine.ts";
import { servingErrors } from "../errors.ts";
import type { Handler } from "../handlers/handler.ts";
import type { GoldenAnswer } from "../handlers/golden-answer.ts";
import { NEAR, near } from "../tensors/near.ts";

/** The file of golden answers beside a model. */
const GOLDEN_FILE = "golden.json";
const LARGEST_FILE = 16 * 2 ** 20;

/** The golden answers of a version: its handler's, and those in `golden.json` beside the model. @throws SERVING_BAD_ARTIFACT */
export async function readGolden(handler: Handler | undefined, directory: string): Promise<GoldenAnswer[]> {
  const path = join(directory, GOLDEN_FILE);
  const found = await stat(path).catch(() => undefined);
  const own = handler?.options.golden ?? [];
  if (!found?.isFile()) return [...own];
  const refused = (problem: string) => servingErrors.SERVING_BAD_ARTIFACT({ file: GOLDEN_FILE, problem, hint: FORM });
  if (found.size > LARGEST_FILE) throw refused(`is larger than ${LARGEST_FILE / 2 ** 20} MB`);
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, "utf8"));
  } catch {
    throw refused("is not JSON");
  }
  if (!Array.isArray(content) || !content.every((each) => isGolden(each))) throw refused("is not a list of golden answers");
  return [...own, ...content];
}

const FORM =
  'Its form is [{"input": …, "output": …, "tolerance": 0.001}], with input and output as predict takes and gives them.';

function isGolden(value: unknown): value is GoldenAnswer {
  return typeof value === "object" && value !== null && "input" in value && "output" in value;
}

/**
 * Asks a version the warm-up items of its handler, all the way through the handler's code: the answers may be any.
 * @throws SERVING_BAD_OUTPUT, and what the handler's code throws that says its own code
 */
export async function requireWarmUp(engine: Engine, handler: Handler | undefined): Promise<void> {
  for (const [i, item] of (handler?.options.warmUp ?? []).entries()) {
    try {
      await engine.answer([item]);
    } catch (error) {
      if (error instanceof CortadoError) throw error;
      const problem = `failed on warmUp[${i}]: ${(error as Error).message}`;
      throw servingErrors.SERVING_BAD_OUTPUT({ model: handler!.name, step: "code", problem });
    }
  }
}

/** Asks a version, before it may answer anyone else, what it has to know. @throws SERVING_WRONG_ANSWER */
export async function requireGolden(engine: Engine, golden: readonly GoldenAnswer[]): Promise<void> {
  for (const [i, { input, output, tolerance = NEAR }] of golden.entries()) {
    const [answer] = await engine.answer([input]);
    const difference = differenceOf(answer!.result, output, { tolerance, where: "output" });
    if (difference) throw servingErrors.SERVING_WRONG_ANSWER({ index: i, difference });
  }
}

interface Place {
  tolerance: number;
  where: string;
}

/** The first place where an answer is not the expected one. What is not expected is not looked at. */
function differenceOf(given: unknown, expected: unknown, { tolerance, where }: Place): string | undefined {
  if (isNumeric(expected) && isNumeric(given) && near(Number(given), Number(expected), tolerance)) return undefined;
  // JSON has no other way to say it.
  if (expected === null && Number.isNaN(given)) return undefined;
  if (Array.isArray(expected) && Array.isArray(given) && expected.length !== given.length)
    return `${where} has ${given.length} elements, and ${expected.length} are expected`;
  if (isObject(expected) && isObject(given)) {
    for (const key of Object.keys(expected)) {
      const place = Array.isArray(expected) ? `${where}[${key}]` : `${where}.${key}`;
      const difference = differenceOf(given[key], expected[key], { tolerance, where: place });
      if (difference) return difference;
    }
    return undefined;
  }
  return Object.is(given, expected) ? undefined : `${where} is ${shown(given)}, and ${shown(expected)} is expected`;
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function shown(value: unknown): string {
  const text = typeof value === "bigint" ? String(value) : (JSON.stringify(value) ?? "missing");
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
