// Runs in a process that is for one model alone.
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { servingErrors } from "../../errors.ts";
import type { TokenChance } from "../../engines/token-chance.ts";
import { readManifest, verifyManifest } from "../../repositories/manifest.ts";
import { chatWrapper } from "./chat-template.ts";
import { findGguf } from "./find-gguf.ts";
import { type GgufHead, readGguf } from "./gguf/read-gguf.ts";
import type { LlamaEmbedding, LlamaEnd, LlamaText } from "./llama-messages.ts";
import { DEFAULT_CONTEXT, type LlamaSettings } from "./llama-options.ts";
import {
  type ChatWrapper,
  type DrawnToken,
  type EvaluateOptions,
  type Llama,
  type LlamaContext,
  type LlamaEmbeddingContext,
  type LlamaModel,
  type LlamaPackage,
  type LlamaSequence,
  loadLlama,
  type Token,
} from "./llama-packages.ts";
import type { LlamaForm, LlamaQuestion, LlamaSampling } from "./llama-question.ts";
import { type Prompt, promptTokens } from "./prompt-tokens.ts";
import { EndSpaces } from "./end-spaces.ts";
import { SequencePool } from "./sequence-pool.ts";
import { StopTexts } from "./stop-texts.ts";
import { TokenText } from "./token-text.ts";
import { ToldChances } from "./told-chances.ts";

/** How tokens are chosen where a question does not say it. */
const defaults = { temperature: 0.8, topP: 0.95, topK: 40, minP: 0.05 };
/** How many of the last tokens count as said before. */
const REMEMBERED = 64;

interface Opened {
  name: string;
  library: LlamaPackage;
  llama: Llama;
  model: LlamaModel;
  settings: LlamaSettings;
  head: GgufHead;
}

/** Opens a version's GGUF file. @throws SERVING_BAD_ARTIFACT, SERVING_BAD_MANIFEST, KERNEL_MISSING_PACKAGE, SERVING_MISSING_PROVIDER */
export async function openLlama(settings: LlamaSettings): Promise<LoadedModel> {
  const { directory, file, gpuLayers } = settings;
  const name = file ?? (await findGguf(directory));
  const manifest = await readManifest(directory);
  if (manifest) await verifyManifest(directory, manifest);
  const modelPath = join(directory, name);
  const head = readGguf(modelPath);
  const { library, llama, refusal } = await loadLlama(settings);
  const model = await llama.loadModel({ modelPath, ...(gpuLayers !== undefined && { gpuLayers }) }).catch((error: Error) => {
    const problem = `is refused by llama.cpp: ${(refusal() ?? error.message).replace(/\.$/, "")}`;
    throw servingErrors.SERVING_BAD_ARTIFACT({ file: name, problem });
  });
  const opened = new LoadedModel({ name, library, llama, model, settings, head });
  await opened.prepare();
  return opened;
}

/** A loaded model, which answers questions; as many at once as it has contexts. */
export class LoadedModel {
  /** True for a model that gives texts as numbers, and writes none. */
  readonly embeds: boolean;
  readonly #opened: Opened;
  readonly #size: number;
  #context: LlamaContext | undefined;
  #sequences: SequencePool | undefined;
  #wrapper: ChatWrapper | undefined;
  #embedding: Promise<LlamaEmbeddingContext> | undefined;
  #tokenCount: number | undefined;

  constructor(opened: Opened) {
    this.#opened = opened;
    const { head, model, settings } = opened;
    this.embeds = Number(head.metadata.get(`${head.architecture}.pooling_type`) ?? 0) > 0;
    this.#size = Math.min(settings.context ?? DEFAULT_CONTEXT, model.trainContextSize);
  }

  /** Makes what takes memory, so that a version which is ready has it. */
  async prepare(): Promise<void> {
    if (this.embeds) return void (await this.#embeddings());
    const { model, settings } = this.#opened;
    const { sequences, threads } = settings;
    this.#context = await model.createContext({ contextSize: this.#size, sequences, threads });
    this.#sequences = new SequencePool(Array.from({ length: sequences }, () => this.#context!.getSequence()));
    this.#wrapper = chatWrapper(this.#opened);
  }

  /** The answer to a question, text by text; at last why it ended, or the numbers that were asked for. */
  async *answer(question: LlamaQuestion, signal: AbortSignal): AsyncGenerator<string | LlamaText, LlamaEnd | LlamaEmbedding> {
    if (question.type === "embedding") return this.#embed(question.input);
    const { model, name } = this.#opened;
    if (this.#sequences === undefined)
      throw servingErrors.SERVING_BAD_INPUT({
        where: "The input",
        problem: "asks for text, and the model gives embeddings alone",
      });
    const prompt = promptTokens(question, { model, wrapper: this.#wrapper!, name });
    this.#demandRoom(prompt.tokens.length, 1);
    const { sampling } = question;
    const evaluated = await this.#evaluateOptions(sampling);
    return yield* this.#sequences.use(prompt.tokens, (sequence) =>
      this.#write({ prompt, sampling, evaluated, sequence, signal }),
    );
  }

  async *#write(task: Writing): AsyncGenerator<string | LlamaText, LlamaEnd> {
    const { prompt, sampling, signal } = task;
    const { model } = this.#opened;
    const { length } = prompt.tokens;
    const most = Math.min(sampling.maxTokens ?? Number.POSITIVE_INFINITY, this.#size - length);
    const written = new TokenText(model);
    const spaces = new EndSpaces(sampling.form !== undefined);
    const stops = new StopTexts([...prompt.stopTexts, ...(sampling.stop ?? [])]);
    const chances = sampling.logprobs === undefined ? undefined : new ToldChances();
    const said: Token[] = [];
    const end = (finishReason: LlamaEnd["finishReason"]): LlamaEnd => ({
      finishReason,
      usage: { promptTokens: length, completionTokens: said.length },
    });
    for await (const drawn of this.#tokens(task, said)) {
      const { token } = drawn;
      if (model.isEogToken(token) || prompt.stopTokens.has(token)) break;
      said.push(token);
      const chance = chances && chanceOf(drawn, written, sampling.logprobs!);
      const added = written.take(token);
      chances?.wrote(added, chance!);
      const { text, ended } = stops.take(added);
      const told = spaces.take(text);
      if (told !== "") yield pieceOf(told);
      if (ended) return end("stop");
      signal.throwIfAborted();
      if (said.length < most) continue;
      yield* leftOver(stops, written);
      return end("length");
    }
    yield* leftOver(stops, written);
    return end("stop");

    /** What was held back. */
    function* leftOver(...held: { rest(): string }[]): Generator<string | LlamaText> {
      const rest = spaces.take(held.map((each) => each.rest()).join(""));
      if (rest !== "") yield pieceOf(rest);
    }

    function pieceOf(text: string): string | LlamaText {
      return chances ? { content: text, logprobs: chances.tell(text) } : text;
    }
  }

  /** Reads the prompt, piece by piece so that it can be given up, and gives token after token. */
  async *#tokens({ prompt, sampling, evaluated, sequence, signal }: Writing, said: Token[]): AsyncGenerator<DrawnToken> {
    const { tokens } = prompt;
    await sequence.adaptStateToTokens(tokens, false);
    const { batchSize } = this.#context!;
    // The last token has to be read anew: what follows it is what is wanted.
    let at = Math.min(sequence.nextTokenIndex, tokens.length - 1);
    if (at < sequence.nextTokenIndex) await sequence.adaptStateToTokens(tokens.slice(0, at), false);
    for (at = sequence.nextTokenIndex; tokens.length - at > batchSize; at += batchSize) {
      signal.throwIfAborted();
      await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, at + batchSize));
    }
    const options = { ...evaluated, ...penaltyOf(sampling, said) };
    const rest = tokens.slice(at);
    const { logprobs } = sampling;
    if (logprobs === undefined) for await (const token of sequence.evaluate(rest, options)) yield { token };
    else yield* sequence.evaluateWithMetadata(rest, logprobs > 0 ? { probabilities: true } : { confidence: true }, options);
  }

  async #evaluateOptions({ form, seed, ...sampling }: LlamaSampling): Promise<EvaluateOptions> {
    const { temperature = defaults.temperature, topP = defaults.topP, topK = defaults.topK, minP = defaults.minP } = sampling;
    const chosen = {
      temperature,
      topP,
      topK,
      minP,
      seed: seed === undefined ? randomInt(2 ** 32) : Number(BigInt.asUintN(32, BigInt(seed))),
    };
    if (form === undefined) return chosen;
    const { library, model } = this.#opened;
    const grammar = await this.#grammarOf(form);
    return { ...chosen, grammarEvaluationState: new library.LlamaGrammarEvaluationState({ model, grammar }) };
  }

  async #grammarOf(form: LlamaForm): Promise<object> {
    const { llama } = this.#opened;
    if (form.type === "json") return llama.getGrammarFor("json");
    try {
      return await llama.createGrammarForJsonSchema(form.schema);
    } catch (error) {
      const problem = `has a schema that cannot be kept to: ${(error as Error).message.replace(/\.$/, "")}`;
      throw servingErrors.SERVING_BAD_INPUT({ where: form.where, problem });
    }
  }

  async #embed(input: string | number[]): Promise<LlamaEmbedding> {
    const { model } = this.#opened;
    const tokens = typeof input === "string" ? model.tokenize(input) : input;
    const refuse = (problem: string) => servingErrors.SERVING_BAD_INPUT({ where: "The input", problem });
    if (tokens.length === 0) throw refuse("is empty");
    if (typeof input !== "string") {
      const unknown = input.find((token) => token >= this.#vocabulary);
      if (unknown !== undefined) throw refuse(`has the token ${unknown}, and the model knows those below ${this.#vocabulary}`);
    }
    this.#demandRoom(tokens.length, 0);
    const { vector } = await (await this.#embeddings()).getEmbeddingFor(input);
    return { embedding: [...vector], tokens: tokens.length };
  }

  /** How many tokens the model knows. */
  get #vocabulary(): number {
    return (this.#tokenCount ??= [...this.#opened.model.iterateAllTokens()].length);
  }

  #embeddings(): Promise<LlamaEmbeddingContext> {
    const { model, settings } = this.#opened;
    const { threads } = settings;
    return (this.#embedding ??= model.createEmbeddingContext({ contextSize: this.#size, threads }));
  }

  /** @throws SERVING_BAD_INPUT */
  #demandRoom(tokens: number, answer: number): void {
    if (tokens + answer <= this.#size) return;
    const problem = `has ${tokens} tokens, and the model's context holds ${this.#size}, the answer included`;
    throw servingErrors.SERVING_BAD_INPUT({ where: "The input", problem });
  }
}

/** An answer that is being written. */
interface Writing {
  prompt: Prompt;
  sampling: LlamaSampling;
  evaluated: EvaluateOptions;
  sequence: LlamaSequence;
  signal: AbortSignal;
}

/** A token's chance, and those of so many of the likeliest. */
function chanceOf({ token, confidence, probabilities }: DrawnToken, written: TokenText, most: number): TokenChance {
  const chance = (each: Token, of: number | undefined): TokenChance => ({ token: written.one(each), logprob: Math.log(of ?? 0) });
  const own = chance(token, probabilities?.get(token) ?? confidence);
  if (probabilities === undefined) return own;
  return { ...own, top: [...probabilities.entries().take(most)].map(([each, of]) => chance(each, of)) };
}

/** What makes tokens less likely that were said before; nothing where nobody asks for it. */
function penaltyOf(sampling: LlamaSampling, said: readonly Token[]): Pick<EvaluateOptions, "repeatPenalty"> {
  const { repeatPenalty: penalty = 1, frequencyPenalty = 0, presencePenalty = 0 } = sampling;
  if (penalty === 1 && frequencyPenalty === 0 && presencePenalty === 0) return {};
  return { repeatPenalty: { penalty, frequencyPenalty, presencePenalty, punishTokens: () => said.slice(-REMEMBERED) } };
}
