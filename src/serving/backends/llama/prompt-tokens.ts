import { servingErrors } from "../../errors.ts";
import type { ChatWrapper, LlamaModel, Token } from "./llama-packages.ts";
import type { LlamaMessage, LlamaQuestion } from "./llama-question.ts";

/** What a model reads before it writes, and what else ends its answer. */
export interface Prompt {
  tokens: Token[];
  stopTokens: ReadonlySet<Token>;
  stopTexts: readonly string[];
}

/** The tokens of a text, or of a conversation by the model's own template. @throws SERVING_BAD_INPUT, SERVING_MODEL_REFUSED */
export function promptTokens(
  question: Exclude<LlamaQuestion, { type: "embedding" }>,
  { model, wrapper, name }: { model: LlamaModel; wrapper: ChatWrapper; name: string },
): Prompt {
  if (question.type === "chat") return conversation(question.messages, { model, wrapper, name });
  const tokens = withBeginning(model.tokenize(question.prompt, true), model);
  if (tokens.length === 0) throw servingErrors.SERVING_BAD_INPUT({ where: "prompt", problem: "is empty" });
  return { tokens, stopTokens: new Set(), stopTexts: [] };
}

function conversation(
  messages: readonly LlamaMessage[],
  { model, wrapper, name }: { model: LlamaModel; wrapper: ChatWrapper; name: string },
): Prompt {
  const chatHistory: object[] = messages.map(({ role, text }) =>
    role === "assistant" ? { type: "model", response: [text] } : { type: role, text },
  );
  // A conversation that ends with a message of the model is gone on with.
  if (messages.at(-1)!.role !== "assistant") chatHistory.push({ type: "model", response: [] });
  try {
    const { contextText, stopGenerationTriggers } = wrapper.generateContextState({ chatHistory });
    const stops = stopGenerationTriggers.map((text) => ({ text: text.toString(), tokens: text.tokenize(model.tokenizer) }));
    return {
      tokens: withBeginning(contextText.tokenize(model.tokenizer), model),
      stopTokens: new Set(stops.filter(({ tokens }) => tokens.length === 1).map(({ tokens }) => tokens[0]!)),
      stopTexts: stops.filter(({ tokens }) => tokens.length > 1).map(({ text }) => text),
    };
  } catch (error) {
    const reason = `its chat template cannot be filled: ${(error as Error).message}`;
    throw servingErrors.SERVING_MODEL_REFUSED({ model: name, reason });
  }
}

function withBeginning(tokens: Token[], { tokens: special }: LlamaModel): Token[] {
  const { bos, shouldPrependBosToken } = special;
  return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens;
}
