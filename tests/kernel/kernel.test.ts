import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import {
  currentMode,
  CortadoError,
  defineApp,
  defineErrors,
  didYouMean,
  env,
  formatCheckMessage,
  importOptional,
  isPending,
  nearestName,
  runChecks,
  whenReady,
} from "#kernel";
import type { ProjectSettings } from "#kernel";

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

describe("errors", () => {
  const errors = defineErrors({
    SHOP_CLOSED: (d: { hour: number }) => ({ message: `Closed at ${d.hour}.`, hint: "Come back at 9." }),
  });

  test("a table's entry makes an error with its code, message, hint and page", () => {
    const error = errors.SHOP_CLOSED({ hour: 3 });
    assert.ok(error instanceof CortadoError);
    assert.deepEqual([error.code, error.message, error.hint], ["SHOP_CLOSED", "Closed at 3.", "Come back at 9."]);
    assert.match(error.docs, /docs\/errors\/shop\.md#shop_closed$/);
  });
});

describe("what may have to be waited for", () => {
  test("is gone on with at once where it is there", () => {
    assert.equal(
      whenReady(2, (n) => n * 2),
      4,
    );
    assert.equal(
      whenReady(null, (nothing) => nothing),
      null,
    );
  });

  test("is gone on with when it comes", async () => {
    const doubled = whenReady(Promise.resolve(3), (n) => n * 2);
    assert.ok(isPending(doubled));
    assert.equal(await doubled, 6);
  });

  test("fails as what it goes on with fails", async () => {
    const fail = () => {
      throw new Error("no");
    };
    assert.throws(() => whenReady(1, fail), /no/);
    await assert.rejects(async () => whenReady(Promise.resolve(1), fail), /no/);
  });
});

describe("nearest names", () => {
  test("a slip of the keyboard is recognised", () => {
    assert.equal(nearestName("titel", ["title", "body"]), "title");
    assert.equal(nearestName("is_ice", ["isIce", "price"]), "isIce");
    assert.equal(didYouMean("runservr", ["runserver", "routes"]), 'Did you mean "runserver"?');
  });

  test("what is far from everything has no nearest name", () => {
    assert.equal(nearestName("zebra", ["title", "body"]), undefined);
    assert.equal(didYouMean("zebra", []), undefined);
  });
});

describe("the environment", () => {
  test("a variable wins over its default", () => {
    process.env["SHOP_NAME"] = "Corner";
    assert.equal(env("SHOP_NAME", "Default"), "Corner");
    assert.equal(env("SHOP_OTHER", "Default"), "Default");
  });

  test("a default of development holds in tests, and not in production", () => {
    process.env["CORTADO_ENV"] = "test";
    assert.equal(env("SHOP_KEY", { development: "dev" }), "dev");
    process.env["CORTADO_ENV"] = "production";
    assert.throws(() => env("SHOP_KEY", { development: "dev" }), {
      code: "KERNEL_MISSING_ENVIRONMENT",
      message: "The environment variable SHOP_KEY is not set, and has no default in production.",
      hint: "Set it: SHOP_KEY=… npx cortado …",
    });
  });

  test("an unknown mode is refused with the modes there are", () => {
    process.env["CORTADO_ENV"] = "prod";
    assert.throws(() => currentMode(), {
      code: "KERNEL_UNKNOWN_MODE",
      message: 'CORTADO_ENV is "prod". It can be development, test or production.',
    });
  });

  test("lists are split at commas, and yes and no are read in four spellings", () => {
    process.env["HOSTS"] = " a.example , b.example,";
    assert.deepEqual(env.list("HOSTS"), ["a.example", "b.example"]);
    assert.deepEqual(env.list("NO_HOSTS", ["localhost"]), ["localhost"]);
    for (const [text, value] of [
      ["1", true],
      ["YES", true],
      ["off", false],
      ["", false],
    ] as const) {
      process.env["FLAG"] = text;
      assert.equal(env.boolean("FLAG"), value);
    }
    process.env["FLAG"] = "maybe";
    assert.throws(() => env.boolean("FLAG"), {
      code: "KERNEL_BAD_ENVIRONMENT",
      message: /FLAG is "maybe"\. It must be one of 1, true/,
    });
  });
});

describe("optional packages", () => {
  test("a missing one is answered with the line that installs it", async () => {
    const load = () => import("no-such-package-at-all" as string);
    await assert.rejects(importOptional("pg", "PostgreSQL", load), {
      code: "KERNEL_MISSING_PACKAGE",
      message: 'PostgreSQL needs the package "pg", which is not installed.',
      hint: "npm install pg",
    });
    await assert.rejects(importOptional("onnxruntime-node", "Serving ONNX", load), {
      hint: "npm install --ignore-scripts onnxruntime-node",
    });
  });

  test("a package that is there and broken is not called missing", async () => {
    await assert.rejects(
      importOptional("pg", "PostgreSQL", () => Promise.reject(new TypeError("broken"))),
      TypeError,
    );
  });
});

describe("checks", () => {
  test("errors come before warnings, and each is one readable line or two", async () => {
    const settings = {} as ProjectSettings;
    const found = await runChecks(
      [
        () => [{ level: "warning", code: "A_WARNING", message: "Odd." }],
        async () => [{ level: "error", code: "AN_ERROR", message: "Broken.", hint: "Mend it." }],
      ],
      settings,
    );
    assert.deepEqual(
      found.map((each) => each.code),
      ["AN_ERROR", "A_WARNING"],
    );
    assert.match(formatCheckMessage(found[0]!), /AN_ERROR[\s\S]*Broken\.[\s\S]*Mend it\./);
  });
});

describe("apps", () => {
  test("an app is what it was declared as", () => {
    assert.deepEqual(defineApp({ name: "shop", directory: "/shop" }), { name: "shop", directory: "/shop" });
  });
});
