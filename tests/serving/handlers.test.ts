import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, describe, it } from "node:test";
import { checkServing, handler, ModelServer, tensor } from "cortado/serving";
import { z } from "zod";
import { perceptron, putModel, temporaryFolder, timesModel } from "./models.ts";
import { refusal } from "./refused.ts";

const root = temporaryFolder();
putModel(root, "models/digits/1", perceptron());
putModel(root, "models/double", timesModel(2));

const digits = handler({
  name: "digits",
  source: "file:models/digits",
  input: z.object({ pixels: z.array(z.number()).length(784) }),
  output: z.object({ digit: z.number(), confidence: z.number() }),
  preprocess: ({ pixels }) => ({ image: tensor("float32", pixels, [784]) }),
  postprocess: ({ scores }) => {
    const values = scores!.numbers();
    const confidence = Math.max(...values);
    return { digit: values.indexOf(confidence), confidence };
  },
  warmUp: [{ pixels: Array.from({ length: 784 }, () => 0) }],
});
const double = handler({ name: "double", source: "file:models/double" });
const bad = handler({
  name: "bad",
  source: "file:models/double",
  preprocess: () => ({ x: tensor("float64", [1, 2]) }),
});
const batches: number[] = [];
const own = handler({
  name: "own",
  input: z.object({ n: z.coerce.number() }),
  output: z.object({ twice: z.number() }),
  initialize: async () => ({ factor: 2 }),
  inference: async (items, { factor }) => {
    batches.push(items.length);
    await sleep(5);
    return items.map(({ n }) => ({ twice: n === 13 ? ("unlucky" as unknown as number) : n * factor }));
  },
});
const later = handler({
  name: "later",
  input: z.object({
    n: z.number().refine(async (n) => {
      await sleep(5);
      return n < 10;
    }, "It is too large."),
  }),
  inference: (items) => items,
});
const short = handler({ name: "short", inference: () => [] });
const slow = handler({
  name: "slow",
  deadline: 60,
  queue: { maxSize: 2 },
  batch: false,
  inference: async (items) => (await sleep(200), items),
});

const server = new ModelServer({ handlers: [digits, double, bad, own, later, short, slow, "not a handler"], root });
await server.start();
await server.settled();
after(() => server.close());

describe("a handler", () => {
  it("answers in process with the types of its schemas", async () => {
    const pixels = Array.from({ length: 784 }, (_, i) => (i % 10) / 10);
    const answer = await digits.predict({ pixels });
    const confidence: number = answer.confidence;
    assert.ok(Number.isFinite(confidence));
    assert.ok(answer.digit >= 0 && answer.digit < 10);
    // @ts-expect-error an input of the wrong type does not compile
    const refused = digits.predict({ pixels: "none" });
    await assert.rejects(refused, refusal({ code: "SERVING_BAD_INPUT", message: /^input does not fit: input\.pixels: / }));
  });

  it("is checked against the model's own signature when it has no schemas", async () => {
    assert.deepEqual(await double.predict({ x: [1, 2] }), { y: [2, 4] });
    assert.deepEqual(await double.predict({ x: tensor("float32", [3, 4]) }), { y: [6, 8] });
    await assert.rejects(
      double.predict({ x: [1] }),
      refusal({ code: "SERVING_BAD_INPUT", message: "input.x has the shape [1], and must be an array of the shape [2]." }),
    );
  });

  it("answers several items in their order, and gives the same alone and together", async () => {
    const items = Array.from({ length: 40 }, (_, i) => ({ pixels: Array.from({ length: 784 }, (__, j) => ((i * j) % 17) / 17) }));
    const together = await digits.predictMany(items);
    for (const [i, item] of items.entries()) {
      const alone = await digits.predict(item);
      assert.equal(together[i]!.digit, alone.digit);
      assert.ok(Math.abs(together[i]!.confidence - alone.confidence) < 1e-5);
    }
  });

  it("runs rows together that come together, where the model was found to gain by it", async () => {
    const before = server.describeVersion("digits", "1").statistics.runs;
    const pixels = Array.from({ length: 784 }, () => 0.5);
    await Promise.all(Array.from({ length: 64 }, () => digits.predict({ pixels })));
    assert.ok(server.describeVersion("digits", "1").statistics.runs - before <= 8);
  });

  it("blames its own preprocess for tensors that the model does not take", async () => {
    await assert.rejects(
      bad.predict({}),
      refusal({
        code: "SERVING_BAD_OUTPUT",
        message: 'The preprocess of the handler "bad" gave "x", which has the type FP64, the model takes FP32.',
        hint: "Mend the handler; the caller's input was accepted.",
      }),
    );
  });

  it("runs its own inference on batches that fill while it is busy", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => own.predict({ n })).map((p) => p.catch(() => null)));
    assert.deepEqual(answers[3], { twice: 6 });
    assert.equal(answers[13], null);
    assert.equal(
      batches.reduce((a, b) => a + b),
      20,
    );
    assert.ok(batches.length < 20);
  });

  it("may have a schema that takes its time, beside items that are refused at once", async () => {
    assert.deepEqual(await later.predictMany([{ n: 1 }, { n: 2 }]), [{ n: 1 }, { n: 2 }]);
    await assert.rejects(later.predict({ n: 10 }), { code: "SERVING_BAD_INPUT", message: /input\.n: It is too large/ });
    await assert.rejects(digits.predictMany([{ pixels: [] }, { pixels: [1] }]), { code: "SERVING_BAD_INPUT" });
    await assert.rejects(later.predictMany([{ n: 10 }, {} as { n: number }]), { code: "SERVING_BAD_INPUT" });
    // What fails behind the first failure must not end the process.
    await sleep(20);
  });

  it("must give one result for each item", async () => {
    await assert.rejects(
      short.predict({}),
      refusal({
        code: "SERVING_BAD_OUTPUT",
        message: 'The inference of the handler "short" gave 0 results for 1 items; it must give one for each, in their order.',
      }),
    );
  });

  it("answers with the deadline's error when its inference takes too long, and refuses more than its queue holds", async () => {
    const first = slow.predict({});
    const held = assert.rejects(
      first,
      refusal({
        code: "SERVING_DEADLINE",
        message: 'The model "slow" did not answer within 60 ms.',
        hint: "Give it more time, by the request's deadline or the handler's, or send less at once.",
      }),
    );
    await sleep(10);
    const waiting = [slow.predict({}), slow.predict({})].map((p) => p.catch((error: { code: string }) => error.code));
    await sleep(1);
    await assert.rejects(
      slow.predict({}),
      refusal({
        code: "SERVING_QUEUE_FULL",
        message: 'The queue of the model "slow" is full: 2 predictions wait.',
        hint: "Try again after the seconds that Retry-After says.",
      }),
    );
    await held;
    assert.deepEqual(await Promise.all(waiting), ["SERVING_DEADLINE", "SERVING_DEADLINE"]);
  });

  it("lets a waiting prediction go when its caller has gone", async () => {
    const controller = new AbortController();
    const busy = slow.predict({}).catch(() => {});
    const waiting = slow.predict({}, { signal: controller.signal });
    controller.abort(new Error("gone"));
    await assert.rejects(waiting);
    await busy;
  });
});

describe("handler()", () => {
  it("refuses a name that cannot be an address", () => {
    for (const name of ["../up", "a..b", "", "-x", "ä", "x".repeat(129)]) {
      assert.throws(() => handler({ name, source: "file:x" }), refusal({ code: "SERVING_BAD_NAME" }));
    }
    assert.throws(
      () => handler({ name: "my model", source: "file:x" }),
      refusal({
        code: "SERVING_BAD_NAME",
        message:
          '"my model" cannot name a model. A name is letters, digits, ".", "-" and "_", begins with a letter or digit, and has at most 128 of them.',
        hint: 'Rename it, for example to "my-model".',
      }),
    );
  });

  it("refuses a handler that nothing could answer for", () => {
    assert.throws(
      () => handler({ name: "empty" }),
      refusal({
        code: "SERVING_EMPTY_HANDLER",
        message: 'The handler "empty" has none of source, inference and train, so nothing can answer.',
        hint: 'Give it a source (source: "file:models/…"), an inference function, or a trainer (train: …).',
      }),
    );
  });
});

describe("a model server", () => {
  it("refuses two handlers of one name", () => {
    assert.throws(
      () => new ModelServer({ handlers: [double, double] }),
      refusal({
        code: "SERVING_DUPLICATE_HANDLER",
        message: 'Two handlers are named "double". A name is served once.',
        hint: "Rename one of them.",
      }),
    );
  });

  it("refuses a source that no repository reads", () => {
    assert.throws(
      () => new ModelServer({ handlers: [handler({ name: "far", source: "ftp://x/y" })] }),
      refusal({
        code: "SERVING_UNKNOWN_SOURCE",
        message:
          'The source "ftp://x/y" of the model "far" cannot be read. Sources begin with file:, s3://, github:, git+https://, hf:, https://.',
        hint: "A folder of the project is written file:models/NAME.",
      }),
    );
  });

  it("is needed for predictions", async () => {
    const other = new ModelServer();
    await other.start();
    await other.close();
    // The one that was open before is asked again, until it is closed too.
    assert.deepEqual(await double.predict({ x: [1, 2] }), { y: [2, 4] });
    await server.close();
    await assert.rejects(
      double.predict({ x: [1, 2] }),
      refusal({
        code: "SERVING_NOT_STARTED",
        message: 'The model "double" cannot answer: no project is open in this process.',
        hint: "Open the project first: const project = await openProject(config).",
      }),
    );
  });
});

describe("the check of handlers", () => {
  it("finds a file of handlers that its app does not list", () => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, "handlers.ts"), "export {};\n");
    const shop = { name: "shop", directory };
    assert.deepEqual(checkServing({ apps: [shop], root } as never), [
      {
        level: "warning",
        code: "SERVING_CHECK_UNLISTED_HANDLERS",
        object: "shop",
        message: "It has a file handlers.ts, and does not list handlers: none of them is served.",
        hint: 'In its app.ts: import * as handlers from "./handlers.ts"; defineApp({ …, handlers }).',
      },
    ]);
    assert.deepEqual(checkServing({ apps: [{ ...shop, handlers: {} }], root } as never), []);
  });

  it("finds names that clash and sources that are not there", async () => {
    const lost = handler({ name: "lost", source: "file:models/nowhere" });
    const apps = [
      { name: "shop", handlers: { double, lost, other: 1 } },
      { name: "cafe", handlers: { double } },
    ];
    assert.deepEqual(checkServing({ apps, root } as never), [
      {
        level: "warning",
        code: "SERVING_CHECK_MISSING_SOURCE",
        object: "shop.lost",
        message: 'Its source "file:models/nowhere" is not there, so it cannot answer.',
        hint: "Put a model at models/nowhere/1/model.onnx, or correct the source.",
      },
      {
        level: "error",
        code: "SERVING_CHECK_DUPLICATE_HANDLER",
        object: "cafe.double",
        message: "The name is already that of shop.double.",
        hint: "Rename one of the handlers.",
      },
    ]);
  });
});
