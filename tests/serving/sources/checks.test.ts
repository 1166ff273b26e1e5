import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defineApp, type ProjectSettings } from "cortado";
import { checkServing, handler, type SourceSettings } from "cortado/serving";

function check(source: string, sources?: SourceSettings, repositories?: string[]) {
  const app = defineApp({ name: "shop", handlers: { far: handler({ name: "far", source }) } });
  const project = { apps: [app], root: import.meta.dirname, serving: { sources, repositories } };
  return checkServing(project as unknown as ProjectSettings).map(({ code, object, message }) => [code, object, message]);
}

describe("the checks of sources", () => {
  it("name the handler whose source cannot be read or may not be used", () => {
    assert.deepEqual(check("github:acme/models@v1"), []);
    const [[code, object, message]] = check("githib:acme/models") as [[string, string, string]];
    assert.deepEqual([code, object], ["SERVING_CHECK_SOURCE", "shop.far"]);
    assert.match(message, /^The source "githib:acme\/models" of the model "shop\.far" cannot be read/);
    const notAllowed = check("github:acme/models", { allow: ["s3://bucket"] }, ["https://models.example.com/a.zip"]);
    assert.deepEqual(
      notAllowed.map(([, where]) => where),
      ["serving.repositories", "shop.far"],
    );
  });

  it("name what is wrong in the settings themselves", () => {
    const [[, object, message]] = check("github:acme/models", { allow: ["acme/*"] }) as [[string, string, string]];
    assert.equal(object, "serving.sources");
    assert.match(message, /The source "acme\/\*"/);
  });
});
