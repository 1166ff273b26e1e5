import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProjectSettings } from "cortado";
import { checkServing } from "cortado/serving";

const project = (parts: object): ProjectSettings =>
  ({ apps: [], root: import.meta.dirname, ...parts }) as unknown as ProjectSettings;

describe("the checks of serving", () => {
  it("name a protocol that nobody speaks, and the nearest one", () => {
    const [found] = checkServing(project({ serving: { protocols: ["open-inferense"] } }));
    assert.equal(found!.code, "SERVING_CHECK_UNKNOWN_PROTOCOL");
    assert.equal(found!.message, 'There is no protocol "open-inferense". There are: open-inference, health.');
    assert.equal(found!.hint, 'Did you mean "open-inference"?');
  });
});
