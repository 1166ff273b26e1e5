import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkServing, handler, pipeline } from "cortado/serving";
import { refusal } from "../refused.ts";

const inference = (items: unknown[]) => items;

describe("declaring how a model is run", () => {
  it("refuses numbers that cannot be meant, and says which may be", () => {
    const refused = (options: object, message: string) =>
      assert.throws(
        () => handler({ name: "odd", inference, ...options }),
        refusal({ code: "SERVING_BAD_HANDLER", message, hint: "Correct the handler." }),
      );
    refused({ deadline: 0 }, 'deadline of the handler "odd" is 0, and must be a number from 1 to 2147483647.');
    refused({ instances: 1.5 }, 'instances of the handler "odd" is 1.5, and must be a whole number from 1.');
    refused({ batch: { maxSize: 0 } }, 'batch.maxSize of the handler "odd" is 0, and must be a whole number from 1.');
    refused({ batch: { maxDelay: -1 } }, 'batch.maxDelay of the handler "odd" is -1, and must be a number from 0 to 2147483647.');
    refused({ queue: { levels: Number.NaN } }, 'queue.levels of the handler "odd" is NaN, and must be a whole number from 1.');
    refused({ cache: { seconds: "60" } }, 'cache.seconds of the handler "odd" is 60, and must be a number from 0.');
    refused({ sequence: { idle: 0 } }, 'sequence.idle of the handler "odd" is 0, and must be a number from 1 to 2147483647.');
  });

  it("is checked: a pipeline's steps are handlers that some app lists", () => {
    const listed = handler({ name: "listed", inference });
    const forgotten = handler({ name: "forgotten", inference });
    const steps = { listed, forgotten, folder: "folder", old: { model: listed, version: "1" } };
    const both = pipeline({ name: "both", steps, run: (item) => item });
    const project = { root: ".", apps: [{ name: "shop", handlers: { listed, both } }] };
    assert.deepEqual(checkServing(project as never), [
      {
        level: "error",
        code: "SERVING_CHECK_UNSERVED_STEP",
        object: "shop.both",
        message: 'Its step "forgotten" asks the handler "forgotten", which no app lists.',
        hint: 'List "forgotten" in an app\'s handlers.',
      },
    ]);
  });
});
