// lande: which of 50 languages a text is in. Its weights are exported to ONNX here, and both have to agree.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { handler, ModelServer, tensor } from "cortado/serving";
import { z } from "zod";
import { putModel, temporaryFolder } from "../models.ts";
import { onnxModel, type Weights } from "../onnx-writer.ts";
import { packageFile, skipped } from "./real-packages.ts";

interface Dense {
  biases: { w: Float32Array };
  filters: { w: Float32Array }[];
}

type Ngrams = Record<"unigrams" | "bigrams" | "trigrams" | "quadgrams", string[]>;

const part = async <T>(path: string) => (await import(pathToFileURL(packageFile(path)).href)) as T;

/** Gemm, Relu, Gemm, Softmax. */
async function exported(): Promise<Uint8Array> {
  const { NeuralNetwork } = await part<{ NeuralNetwork: new (options: object) => { layers: Partial<Dense>[] } }>(
    "toygrad/dist/index.js",
  );
  const { default: options } = await part<{ default: object }>("lande/standalone/t50-options.js");
  const [first, second] = new NeuralNetwork(options).layers.filter(({ filters }) => filters !== undefined);
  const weights = [...weightsOf(first as Dense, 1), ...weightsOf(second as Dense, 2)];
  const attributes = { transB: 1 };
  return onnxModel({
    nodes: [
      { op: "Gemm", inputs: ["ngrams", "w1", "b1"], outputs: ["sums"], attributes },
      { op: "Relu", inputs: ["sums"], outputs: ["hidden"] },
      { op: "Gemm", inputs: ["hidden", "w2", "b2"], outputs: ["scores"], attributes },
      { op: "Softmax", inputs: ["scores"], outputs: ["chances"] },
    ],
    inputs: [{ name: "ngrams", type: "float", shape: ["batch", 620] }],
    outputs: [{ name: "chances", type: "float", shape: ["batch", 50] }],
    weights,
  });
}

function weightsOf({ filters, biases }: Dense, number: number): Weights[] {
  const shape = [filters.length, filters[0]!.w.length];
  const data = Float32Array.from(filters.flatMap(({ w }) => Array.from(w)));
  return [
    { name: `w${number}`, shape, data },
    { name: `b${number}`, shape: [shape[0]!], data: Float32Array.from(biases.w) },
  ];
}

const texts = {
  eng: "The coffee is ready, who would like to have a cup of it before we start?",
  deu: "Der Kaffee ist fertig, wer möchte noch eine Tasse trinken, bevor wir anfangen?",
  fra: "Le café est prêt, qui voudrait en boire une tasse avant que nous commencions ?",
  spa: "El café está listo, ¿quién quiere tomar una taza antes de que empecemos?",
  nld: "De koffie is klaar, wie wil er nog een kopje drinken voordat we beginnen?",
};

describe("a model that tells languages apart", { skip: skipped }, async () => {
  if (skipped) return;
  const { default: languages } = await part<{ default: string[] }>("lande/standalone/t50-langs.js");
  const { default: ngrams } = await part<{ default: Ngrams }>("lande/standalone/t50-ngrams.js");
  const { default: lande } = await part<{ default: (text: string) => [string, number][] }>("lande/standalone/t50.js");
  const language = handler({
    name: "language",
    source: "file:language",
    input: z.object({ text: z.string().max(10_000) }),
    output: z.object({ language: z.string(), chances: z.record(z.string(), z.number()) }),
    preprocess: ({ text }) => ({ ngrams: tensor("float32", frequencies(text, ngrams)) }),
    postprocess: ({ chances }) => {
      const values = chances!.numbers();
      const best = values.indexOf(Math.max(...values));
      return { language: languages[best]!, chances: Object.fromEntries(languages.map((name, i) => [name, values[i]!])) };
    },
    warmUp: [{ text: "coffee" }],
  });
  const root = temporaryFolder();
  const server = new ModelServer({ handlers: [language], directories: ["."], root });
  before(async () => {
    putModel(root, "language/1", await exported());
    await server.start();
    await server.settled();
  });
  after(() => server.close());

  it("knows five of them, rows together", async () => {
    const answers = await language.predictMany(Object.values(texts).map((text) => ({ text })));
    assert.deepEqual(
      answers.map((answer) => answer.language),
      Object.keys(texts),
    );
    for (const { language: name, chances } of answers) assert.ok(chances[name]! > 0.9, `${name} ${chances[name]}`);
  });

  it("answers what the package answers by itself", async () => {
    for (const text of Object.values(texts)) {
      const { chances } = await language.predict({ text });
      for (const [name, chance] of lande(text)) assert.ok(Math.abs(chances[name]! - chance) < 5e-5, `${name} ${chance}`);
    }
  });

  it("is found to gain from running rows together", () => {
    const [version] = server.versions("language");
    assert.equal(version!.batching?.enabled, true);
  });
});

/** How often each known run of one to four characters occurs among all runs of its length. */
function frequencies(text: string, known: Ngrams): Float32Array {
  const plain = ` ${text
    .replace(/-+/g, " ")
    .replace(/[^\p{L}\p{M}\s]/gu, "")
    .replace(/\s{2,}/g, " ")
    .toLowerCase()
    .trim()} `;
  const all: number[] = [];
  for (const [i, runs] of [known.unigrams, known.bigrams, known.trigrams, known.quadgrams].entries()) {
    const counts = new Map<string, number>();
    const total = plain.length - i;
    for (let at = 0; at < total; at++) {
      const run = plain.slice(at, at + i + 1);
      counts.set(run, (counts.get(run) ?? 0) + 1);
    }
    for (const run of runs) all.push((counts.get(run) ?? 0) / total);
  }
  return Float32Array.from(all);
}
