import assert from "node:assert/strict";
import { after, test } from "node:test";
import { defineApp, defineProject, include, openProject, path } from "cortado";
import { api } from "cortado/api";
import { handler } from "cortado/serving";
import { z } from "zod";
import { identityModel, putModel, temporaryFolder } from "../serving/models.ts";

/** A part of a recipe has parts itself; its maker and its owner are described once. */
const Part = z.object({
  grams: z.number(),
  get parts() {
    return z.array(Part);
  },
});
const Person = z.object({ name: z.string() }).meta({ id: "Person" });

const root = temporaryFolder();
putModel(root, "image/1", identityModel("int64", ["batch", 2]));
const handlers = {
  image: handler({ name: "image", source: "file:image", access: "public" }),
  words: handler({
    name: "words",
    access: "public",
    description: "Counts <words>.",
    input: z.object({ text: z.string(), most: z.number().min(1).max(9).optional() }),
    golden: [{ input: { text: "it's one" }, output: 2 }],
    inference: (items: { text: string }[]) => items.map(({ text }) => text.split(" ").length),
  }),
  recipe: handler({
    name: "recipe",
    access: "public",
    input: z.object({ whole: Part, maker: Person, at: z.tuple([z.number(), z.string()]) }),
    output: Person,
    inference: (items) => items.map(({ maker }) => maker),
  }),
  closed: handler({ name: "closed", inference: (items: unknown[]) => items }),
};
const project = await openProject(
  defineProject({ mode: "test", secretKey: "for tests", database: "sqlite::memory:", root, apps: [defineApp({ name: "lab", handlers })], urls: [path("api/", include(api.urls))] }), // prettier-ignore
);
await project.services.models.settled();
after(() => project.close());
const get = async (url: string) => (await project.server()).inject({ url, headers: { host: "localhost" } });

test("the description gives each model an item to begin with", async () => {
  const { paths } = (await get("/api/openapi.json")).json();
  const request = (name: string) => paths[`/models/${name}/predict`].post.requestBody.content["application/json"];
  assert.deepEqual(request("words").examples["one item"].value, { input: { text: "it's one" } });
  assert.deepEqual(request("image").examples["several items"].value, { inputs: [{ x: [0, 0] }, { x: [0, 0] }] });
  assert.deepEqual(request("image").schema.oneOf[0].properties.input.properties.x, {
    type: "array",
    items: { type: "integer" },
    minItems: 2,
    maxItems: 2,
    description: "INT64 [-1, 2]",
  });
  const names = paths["/models/words/predict"].post.parameters.map((parameter: any) => [parameter.name, parameter.in]);
  assert.deepEqual(names, [
    ["Cortado-Priority", "header"],
    ["Cortado-Deadline", "header"],
  ]);
  assert.equal(paths["/models/closed/predict"], undefined);
});

test("a schema that refers to parts of itself is described where its references lead to them", async () => {
  const document = (await get("/api/openapi.json")).json();
  const led: unknown[] = [];
  JSON.stringify(document, (key, value: unknown) => {
    if (key === "$ref") led.push((value as string).slice(2).split("/").reduce((part, name) => part?.[name], document)); // prettier-ignore
    return value;
  });
  assert.ok(led.every((part) => typeof part === "object"));
  const { schema, examples } = document.paths["/models/recipe/predict"].post.requestBody.content["application/json"];
  assert.deepEqual(schema.oneOf[0].properties.input, { $ref: "#/components/schemas/recipe.input" });
  const { properties } = document.components.schemas["recipe.input"];
  assert.deepEqual(properties.maker, { $ref: "#/components/schemas/recipe.input/$defs/Person" });
  const item = { whole: { grams: 0, parts: [] }, maker: { name: "text" }, at: [0, "text"] };
  assert.deepEqual(examples["one item"].value, { input: item });
  assert.equal((await project.services.models.predict("recipe", [item])).outputs.length, 1);
});

test("the description has the addresses of tasks, each with the models that do it, where the project speaks them", async () => {
  const inference = (items: unknown[]) => items.map(() => 1);
  const declared = {
    ranks: handler({ name: "ranks", task: "rerank", access: "public", inference }),
    hidden: handler({ name: "hidden", task: "chat", inference }),
  };
  const described = async (protocols: "openai"[]) => {
    const open = await openProject(
      defineProject({ mode: "test", secretKey: "for tests", database: "sqlite::memory:", root, apps: [defineApp({ name: "lab", handlers: declared })], urls: [path("api/", include(api.urls))], serving: { protocols } }), // prettier-ignore
    );
    after(() => open.close());
    return (await (await open.server()).inject({ url: "/api/openapi.json", headers: { host: "localhost" } })).json().paths;
  };
  const { "/rerank": rerank, "/chat/completions": chat, "/models/ranks/predict": predict } = await described(["openai"]);
  assert.deepEqual([rerank.post.servers, chat], [[{ url: "/openai/v1" }], undefined]);
  const { required, properties } = rerank.post.requestBody.content["application/json"].schema;
  assert.deepEqual(required, ["model", "query", "documents"]);
  assert.deepEqual([properties.model.examples, properties.top_n.type], [["ranks"], "integer"]);
  const { examples } = predict.post.requestBody.content["application/json"];
  assert.deepEqual(examples["one item"].value, { input: { query: "text", document: "text" } });
  assert.equal((await described([]))["/rerank"], undefined);
});

test("the manual shows what the visitor may see, and a request that can be sent as it is", async () => {
  const { body, statusCode } = await get("/api/docs");
  assert.equal(statusCode, 200);
  assert.match(body, /Counts &lt;words&gt;\./);
  assert.match(body, /<code>most<\/code> <small>optional<\/small><\/th><td>number <small>from 1 to 9<\/small>/);
  assert.match(body, /<textarea[^>]*>{&quot;input&quot;:{&quot;text&quot;:&quot;it&#x27;s one&quot;}}<\/textarea>/);
  assert.match(body, /-d '{&quot;input&quot;:{&quot;text&quot;:&quot;it&#x27;\\&#x27;&#x27;s one&quot;}}'/);
  assert.doesNotMatch(body, /closed/);
});
