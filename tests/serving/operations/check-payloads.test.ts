import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProjectSettings } from "cortado";
import { checkServing, handler } from "cortado/serving";

const times = handler({ name: "times", inference: (items) => items });

const check = (payloads: unknown) =>
  checkServing({
    apps: [{ name: "shop", handlers: { times } }],
    root: import.meta.dirname,
    serving: { payloads },
  } as unknown as ProjectSettings);

describe("the checks of what is written down", () => {
  it("find nothing wrong with settings that can be meant", () => {
    assert.deepEqual(check(undefined), []);
    assert.deepEqual(check({ to: "logs/predictions" }), []);
    const all = { to: () => {}, sample: 0, models: ["times"], redact: ["pixels"], maxBytes: 1, keepDays: 30 };
    assert.deepEqual(check(all), []);
  });

  it("name settings that cannot be meant, what they may be, and the nearest name", () => {
    const found = check({ sample: 2, models: "times", redact: [1], maxBytes: 0, keepDays: 0.5, samples: 1 });
    assert.deepEqual(new Set(found.map(({ code, level }) => `${code} ${level}`)), new Set(["SERVING_CHECK_BAD_PAYLOADS error"]));
    assert.deepEqual(
      found.map(({ object, message, hint }) => [object, message, hint]),
      [
        ["serving.payloads.to", "It is missing, and must be the path of a folder, or a function.", undefined],
        ["serving.payloads.sample", "It is 2, and must be a number from 0 to 1.", undefined],
        ["serving.payloads.models", 'It is "times", and must be a list of names.', undefined],
        ["serving.payloads.redact", "It is [1], and must be a list of names.", undefined],
        ["serving.payloads.maxBytes", "It is 0, and must be a number of bytes.", undefined],
        ["serving.payloads.keepDays", "It is 0.5, and must be a number of days.", undefined],
        [
          "serving.payloads.samples",
          "There is no such setting. There are: to, sample, models, redact, maxBytes, keepDays.",
          'Did you mean "sample"?',
        ],
      ],
    );
  });

  it("warn of a model that no app lists, for it may lie in a folder", () => {
    const found = check({ to: "logs", models: ["times", "tmes", "digits"] });
    assert.deepEqual(
      found.map(({ level, code, object, message, hint }) => [level, code, object, message, hint]),
      [
        [
          "warning",
          "SERVING_CHECK_UNKNOWN_MODEL",
          "serving.payloads.models",
          'No app lists a handler "tmes".',
          'Did you mean "times"?',
        ],
        [
          "warning",
          "SERVING_CHECK_UNKNOWN_MODEL",
          "serving.payloads.models",
          'No app lists a handler "digits".',
          "A model that lies in a folder only may have this name.",
        ],
      ],
    );
  });
});
