import { servingErrors } from "../../errors.ts";
import type { ModelInfo } from "../../models/model-info.ts";
import { describe } from "../../tensors/read-json.ts";
import { addPiece, type ChatSoFar, finishReasonOf, nothingYet } from "../openai/chat-piece.ts";
import { isGiven, readSampling, type SamplingItem } from "../openai/sampling-item.ts";

/*
 * How it works: a model with the task "completion" or "chat" is asked with `text_input`, as engines of language models are:
 * what stands beside it, at the top, in `parameters` or in `sampling_parameters`, says how to go on. It becomes the same item
 * that OpenAI's addresses make, so that one handler answers both.
 */

/** What a model that writes text is asked. */
export interface TextQuestion {
  item: (SamplingItem & { prompt: string }) | (SamplingItem & { messages: object[] });
  /** What the whole answer begins with: the question, where it is wanted back. */
  begin: string;
  /** Whether pieces are wanted, where it is said. */
  stream: boolean | undefined;
}

type Given = Readonly<Record<string, unknown>>;

/** The most tokens of an answer, where a request does not say. */
const MAX_TOKENS = 20;

/** Other names of the same thing. */
const sameAs: Readonly<Record<string, string>> = { stop_words: "stop", random_seed: "seed" };

/** What would change the answer and is not done here, with the value that asks for nothing. */
const undone: Readonly<Record<string, (value: unknown) => boolean>> = {
  bad_words: (value) => value === "" || (Array.isArray(value) && value.length === 0),
  beam_width: (value) => value === 1,
  min_length: (value) => value === 0,
  return_log_probs: (value) => value === false,
  logprobs: (value) => value === false || value === 0,
  top_logprobs: (value) => value === 0,
};

const refuse = (where: string, problem: string, hint?: string): Error =>
  servingErrors.SERVING_BAD_INPUT({ where, problem, hint });

export function writesText({ tasks = [] }: Pick<ModelInfo, "tasks">): boolean {
  return tasks.includes("completion") || tasks.includes("chat");
}

/** The question of a request with `text_input`; undefined where the model writes no text, or is asked by keys of its own. @throws SERVING_BAD_INPUT */
export function textQuestion(model: Pick<ModelInfo, "tasks">, given: Given): TextQuestion | undefined {
  if (!Object.hasOwn(given, "text_input") || !writesText(model)) return undefined;
  const { text_input: text, sampling_parameters: sampling, stream, exclude_input_in_output: without, ...rest } = given;
  if (typeof text !== "string") throw refuse("text_input", `is ${describe(text)}, and must be a text`);
  const begins = flag(without, "exclude_input_in_output") === false;
  const wish = readWish({ ...rest, ...samplingObject(sampling) });
  const item = model.tasks!.includes("completion")
    ? { prompt: text, ...wish }
    : { messages: [{ role: "user", content: text }], ...wish };
  return { item, begin: begins ? text : "", stream: flag(stream, "stream") };
}

function readWish(given: Given): SamplingItem {
  const named: Record<string, unknown> = { max_tokens: MAX_TOKENS };
  const saidAs: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!isGiven(value)) continue;
    if (Object.hasOwn(undone, name) && !undone[name]!(value)) throw refuse(name, `is ${describe(value)}, which is not done here`);
    if (Object.hasOwn(undone, name)) continue;
    const known = Object.hasOwn(sameAs, name) ? sameAs[name]! : name;
    named[known] = value;
    saidAs[known] = name;
  }
  // An empty text is how a tensor says that there is none.
  if (named["stop"] === "") delete named["stop"];
  return readSampling(named, saidAs);
}

/** An object, or one as JSON in a text. */
function samplingObject(value: unknown): Given {
  if (!isGiven(value) || value === "") return {};
  const read = typeof value === "string" ? parsed(value) : value;
  if (typeof read === "object" && read !== null && !Array.isArray(read)) return read as Given;
  throw refuse("sampling_parameters", `is ${describe(value)}, and must be an object, or one as JSON`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function flag(value: unknown, where: string): boolean | undefined {
  if (!isGiven(value)) return undefined;
  if (typeof value === "boolean") return value;
  throw refuse(where, `is ${describe(value)}, and must be true or false`);
}

/** Says that an answer in one piece was asked for piece by piece. @throws SERVING_BAD_INPUT */
export function demandWhole({ stream }: TextQuestion): void {
  if (stream) throw refuse("stream", "is true, and the answer here is one piece", "Ask generate_stream, or ModelStreamInfer.");
}

/** A part of an answer; the last has all that was told until its end. */
export interface TextPart {
  text: string;
  sofar?: ChatSoFar;
}

/** An answer in parts as they come, an empty one at last; or all of it in one, where that is asked. */
export async function* textParts(
  pieces: AsyncIterable<unknown>,
  { begin, stream }: Pick<TextQuestion, "begin" | "stream">,
): AsyncGenerator<TextPart> {
  const sofar = nothingYet();
  const inParts = stream !== false;
  if (inParts && begin !== "") yield { text: begin };
  for await (const piece of pieces) {
    const { content } = addPiece(sofar, piece);
    if (inParts && content) yield { text: content };
  }
  yield { text: inParts ? "" : begin + (sofar.content ?? ""), sofar };
}

/** The whole answer. */
export async function wholeText(pieces: AsyncIterable<unknown>, { begin }: TextQuestion): Promise<TextPart> {
  const [whole] = await Array.fromAsync(textParts(pieces, { begin, stream: false }));
  return whole!;
}

/** Why the answer ended, and how many tokens there were where the model counts them. */
export function endOf(sofar: ChatSoFar): Record<string, unknown> {
  const { usage } = sofar;
  return {
    finish_reason: finishReasonOf(sofar),
    ...(usage && { num_input_tokens: usage.promptTokens, num_output_tokens: usage.completionTokens ?? 0 }),
  };
}
