import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { type GgufTensor, type GgufValue, writeGguf } from "./gguf-writer.ts";

/*
 * How it works: a language model of one block whose attention and feed-forward give nothing, so that what follows a token
 * depends on that token alone. Each token has random numbers of its own; where one is to follow another, the row that scores
 * it is those of the other. Tokens are single bytes.
 */

const WIDTH = 64;
const CONTEXT = 512;
const SPACE = "\u2581";
const [BEGIN, END, FIRST_BYTE] = [1, 2, 3];

/** What follows what: the alphabet without end, two bytes of one letter, and an end after "!". */
const chains = ["abcdefghijklmnopqrstuvwxyz a", "0é1", "?!"];

export const byteTokens: readonly string[] = [
  "<unk>",
  "<s>",
  "</s>",
  ...Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`),
  SPACE,
];

/** A conversation is its messages, each behind its role; the answer begins after "a". */
const TEMPLATE =
  "{% for m in messages %}{{ m['role'] + ': ' + m['content'] + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}";

/** Numbers of a normal distribution, the same for every run. */
function normalNumbers(seed: number): () => number {
  let state = seed;
  const uniform = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return () => Math.sqrt(-2 * Math.log(uniform() + 1e-9)) * Math.cos(2 * Math.PI * uniform());
}

function tokensOf(text: string): number[] {
  return [...text].flatMap((letter) => (letter === " " ? [byteTokens.length - 1] : [...Buffer.from(letter)].map((byte) => byte + FIRST_BYTE))); // oxfmt-ignore
}

function scores(embeddings: Float32Array): Float32Array {
  const rows = new Float32Array(embeddings.length);
  const follow = (token: number, next: number) => {
    for (let i = 0; i < WIDTH; i++) rows[next * WIDTH + i]! += embeddings[token * WIDTH + i]! * 0.08;
  };
  for (const chain of chains) {
    const tokens = tokensOf(chain);
    for (let i = 1; i < tokens.length; i++) follow(tokens[i - 1]!, tokens[i]!);
  }
  follow(tokensOf("!")[0]!, END);
  return rows;
}

const square = (value: number) => new Float32Array(WIDTH * WIDTH).fill(value);

/** The tensors of the model. */
export function tinyTensors(): GgufTensor[] {
  const normal = normalNumbers(42);
  const size = byteTokens.length;
  const embeddings = Float32Array.from({ length: WIDTH * size }, () => normal() / 2);
  const norm = (name: string): GgufTensor => ({ name, shape: [WIDTH], data: new Float32Array(WIDTH).fill(1) });
  const nothing = (name: string): GgufTensor => ({ name: `blk.0.${name}.weight`, shape: [WIDTH, WIDTH], data: square(0) });
  return [
    { name: "token_embd.weight", shape: [WIDTH, size], data: embeddings },
    norm("output_norm.weight"),
    { name: "output.weight", shape: [WIDTH, size], data: scores(embeddings) },
    norm("blk.0.attn_norm.weight"),
    ...["attn_q", "attn_k", "attn_v", "attn_output"].map(nothing),
    norm("blk.0.ffn_norm.weight"),
    ...["ffn_gate", "ffn_up", "ffn_down"].map(nothing),
  ];
}

/** What the file says of the model. */
export function tinyMetadata(): Record<string, GgufValue> {
  const number = (value: number): GgufValue => ({ type: "uint32", value });
  return {
    "general.architecture": { type: "string", value: "llama" },
    "general.name": { type: "string", value: "tiny" },
    "llama.context_length": number(CONTEXT),
    "llama.embedding_length": number(WIDTH),
    "llama.block_count": number(1),
    "llama.feed_forward_length": number(WIDTH),
    "llama.attention.head_count": number(2),
    "llama.attention.layer_norm_rms_epsilon": { type: "float", value: 1e-5 },
    "llama.rope.dimension_count": number(WIDTH / 2),
    "llama.vocab_size": number(byteTokens.length),
    "tokenizer.ggml.model": { type: "string", value: "llama" },
    "tokenizer.ggml.tokens": { type: "string", value: byteTokens },
    "tokenizer.ggml.scores": { type: "float", value: byteTokens.map(() => 0) },
    "tokenizer.ggml.token_type": { type: "int32", value: [2, 3, 3, ...Array.from({ length: 256 }, () => 6), 1] },
    "tokenizer.ggml.bos_token_id": number(BEGIN),
    "tokenizer.ggml.eos_token_id": number(END),
    "tokenizer.ggml.unknown_token_id": number(0),
    "tokenizer.ggml.add_space_prefix": { type: "bool", value: false },
    "tokenizer.ggml.add_bos_token": { type: "bool", value: true },
    "tokenizer.chat_template": { type: "string", value: TEMPLATE },
  };
}

/** Writes the model: after "abc" it goes on with "defg…", as surely as it is asked to be. `says` is other metadata. */
export function writeTinyLlama(path: string, says: Readonly<Record<string, GgufValue>> = {}): void {
  mkdirSync(dirname(path), { recursive: true });
  writeGguf(path, { ...tinyMetadata(), ...says }, tinyTensors());
}
