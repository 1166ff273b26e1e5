import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, test } from "node:test";
import { defineApp, defineProject } from "cortado";
import { Permission, syncPermissions } from "cortado/auth";
import { giveFeedback, modelsDirectory, Prediction, Run, tabular, uploadVersion, waitForRun } from "cortado/registry";
import { handler } from "cortado/serving";
import { type TestSite, testSite } from "cortado/testing";
import { z } from "zod";
import { Coffee, User } from "./shop/models.ts";
import { project } from "./shop/project.ts";
import { addSample } from "./shop/sample.ts";

const drinkPrice = handler({
  name: "drink-price",
  train: tabular({
    rows: () => Coffee.objects.all() as never,
    target: "price",
    features: ["name", "isIce"],
    parameters: { rounds: 5 },
  }),
});

const roast = handler({
  name: "roast",
  description: "How dark a bean becomes",
  record: true,
  input: z.object({
    minutes: z.number().min(1).max(20).nullable(),
    bean: z.enum(["arabica", "robusta"]),
    washed: z.boolean(),
    notes: z.array(z.string()),
  }),
  inference: async (items: { minutes: number | null }[]) =>
    items.map(({ minutes }) => ({ roast: (minutes ?? 0) > 12 ? "dark <b>" : "light", shares: { light: 0.25, dark: 0.75 } })),
});

/** Its answers have what JSON alone cannot write. */
const exact = handler({
  name: "exact",
  input: z.object({ count: z.number() }),
  inference: (items: { count: number }[]) =>
    items.map(() => ({ label: 2n ** 60n, ids: [1n, 2n], scores: Float32Array.of(2, 4) })),
});

const withModels = defineProject({
  ...project,
  apps: [...project.apps, defineApp({ name: "brain", handlers: { drinkPrice, roast, exact } })],
});

let site: TestSite;
beforeEach(async () => {
  site = await testSite(withModels);
  await addSample();
  await site.login(await User.objects.get({ username: "admin" }));
});
afterEach(() => site.close());

/** Sends a form of a model's page with the token of that page. */
async function post(path: string, values: Record<string, string> = {}) {
  const page = await site.get("/admin/models/");
  const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(page.text)![1]!;
  const body = new URLSearchParams({ csrfmiddlewaretoken: token, ...values }).toString();
  return site.request("POST", path, { headers: { "content-type": "application/x-www-form-urlencoded" }, body });
}

test("models are listed with their state, in the menu and on a page of their own", async () => {
  const { text } = await site.get("/admin/models/");
  for (const part of ["drink-price", "roast", "no version", "never trained here"]) assert.ok(text.includes(part), part);
});

test("the try-it form has a control for each field of the input, and shows the answer as the model's words", async () => {
  const page = await site.get("/admin/models/roast/");
  assert.match(page.text, /<span class="badge" dir="auto">functions<\/span>/, "what runs it is told");
  assert.match(page.text, /<input type="number" name="minutes" min="1" max="20" step="any" id="try_minutes">/);
  assert.match(page.text, /<label for="try_minutes">Minutes<\/label>/);
  assert.match(page.text, /<option value="robusta">robusta<\/option>/);
  assert.match(page.text, /<input type="checkbox" name="washed"/);
  assert.match(page.text, /<textarea name="notes"[^>]*id="try_notes"/);
  const answer = await post("/admin/models/roast/", { minutes: "15", bean: "arabica", notes: "[]" });
  assert.equal(answer.status, 200);
  assert.match(answer.text, /<dt>Roast<\/dt><dd class="said">dark &lt;b&gt;<\/dd>/);
  assert.match(answer.text, /<dt>dark<\/dt><dd><meter min="0" max="1" value="0.75"/);
  assert.match(answer.text, /value="15"/);
});

test("an answer of 64-bit integers and of arrays of numbers is shown with all its digits", async () => {
  const { text } = await post("/admin/models/exact/", { count: "1" });
  assert.deepEqual(
    [...text.matchAll(/<dd class="said">(.*?)<\/dd>/g)].map(([, said]) => said),
    ["1152921504606846976", "[1,2]", "[2,4]"],
  );
});

test("what cannot be read is said at its field, what the model refuses below the form, in the model's words", async () => {
  const unread = await post("/admin/models/roast/", { minutes: "much", bean: "arabica", notes: "[" });
  assert.equal(unread.status, 200);
  assert.match(unread.text, /Enter a number\./);
  assert.match(unread.text, /Enter a valid JSON\./);
  const refused = await post("/admin/models/roast/", { minutes: "", bean: "arabica", notes: "[1]" });
  assert.match(refused.text, /role="alert"><span dir="auto">[^<]*notes/);
});

test("the Train button starts a run, its events stream, and the version that comes of it is the default", async () => {
  const started = await post("/admin/models/drink-price/train/");
  assert.equal(started.headers["location"], "/admin/models/drink-price/");
  const run = (await Run.objects.all().first())!;
  assert.equal(run.startedBy, "admin");
  const events = await site.get(`/admin/runs/${run.id}/events/`);
  assert.match(events.headers["content-type"]!, /^text\/event-stream/);
  assert.match(events.text, /event: progress\ndata: \{"progress":[\d.]+,"note":"round \d+ of 5"\}/);
  assert.match(events.text, /event: state\ndata: \{"state":"succeeded","final":true\}\n\n$/);
  await waitForRun(run);
  const page = (await site.get("/admin/models/drink-price/")).text;
  assert.match(page, /default → v1/);
  assert.match(page, /run 1<\/a> · 9 rows/);
  const runPage = (await site.get(`/admin/runs/${run.id}/`)).text;
  assert.match(runPage, /<span class="training">training loss <b data-last="training">[\d.,]+<\/b>/);
  assert.match(runPage, /<span class="validation" hidden>/, "nothing was held out of nine rows");
  assert.match(runPage, /9 rows written to the dataset\./);
  assert.match((await site.get("/admin/runs/")).text, /succeeded/);
  const tried = await post("/admin/models/drink-price/", { name: "Cortado", isIce: "false" });
  assert.match(tried.text, /<dt>Price<\/dt><dd class="said">[\d,.]+<\/dd>/);
});

test("default moves to another version and back, and to a version that is not there it does not", async () => {
  for (let i = 0; i < 2; i++) {
    await post("/admin/models/drink-price/train/");
    await waitForRun((await Run.objects.all().first())!);
  }
  assert.match((await site.get("/admin/models/drink-price/")).text, /Roll back to v1/);
  await post("/admin/models/drink-price/rollback/");
  assert.match((await site.get("/admin/models/drink-price/")).text, /now answers “default” with version 1/);
  await post("/admin/models/drink-price/alias/", { alias: "default", version: "2" });
  assert.match((await site.get("/admin/models/drink-price/")).text, /now answers “default” with version 2/);
  await post("/admin/models/drink-price/alias/", { alias: "default", version: "1" });
  await post("/admin/models/drink-price/alias/", { alias: "default", version: "9" });
  const page = (await site.get("/admin/models/drink-price/")).text;
  assert.match(page, /class="message error"/);
  assert.match(page, /default → v1/);
});

test("a version that no alias names is deleted after a question", async () => {
  for (let i = 0; i < 2; i++) {
    await post("/admin/models/drink-price/train/");
    await waitForRun((await Run.objects.all().first())!);
  }
  const place = "/admin/models/drink-price/versions";
  const { text } = await site.get("/admin/models/drink-price/");
  assert.ok(text.includes(`${place}/1/delete/`) && !text.includes(`${place}/2/delete/`));
  assert.match((await site.get(`${place}/1/delete/`)).text, /Delete version 1 of drink-price for good\?[\s\S]*model\.onnx, \d/);
  await post(`${place}/2/delete/`);
  assert.match((await site.get("/admin/models/drink-price/")).text, /is what default points to, so it is not removed/);
  await post(`${place}/1/delete/`);
  assert.match((await site.get("/admin/models/drink-price/")).text, /Version 1 of drink-price is deleted\./);
  assert.deepEqual(site.services.models.describe("drink-price").versions, ["2"]);
  assert.equal((await site.get(`${place}/1/delete/`)).status, 404);
  assert.equal((await site.get(`${place}/..%2f1/delete/`)).status, 404);
});

test("a model's page tells what it takes and gives, what came of uploads, and why a version failed", async () => {
  const { text } = await site.get("/admin/models/roast/");
  for (const part of ["How dark a bean becomes", "Who may ask", "who has the permission", "30,000 ms", "not trained here"])
    assert.ok(text.includes(part), part);
  const file = { name: "model.onnx", stream: () => Readable.from(["hello"]) };
  const sent = { model: "drink-price", files: [file], by: "ada" };
  await assert.rejects(uploadVersion(site.services, sent), {
    code: "REGISTRY_BAD_ARTIFACT",
    message: /has to be trained once/,
    hint: "Train it: cortado train drink-price.",
  });
  await post("/admin/models/drink-price/train/");
  await waitForRun((await Run.objects.all().first())!);
  await assert.rejects(uploadVersion(site.services, sent), { code: "SERVING_VERSION_FAILED" });
  const page = (await site.get("/admin/models/drink-price/")).text;
  assert.match(
    page,
    /Refused, upload by ada[\s\S]*Version 2 of the model &quot;drink-price&quot; does not load: The file is not an ONNX model\./,
  );
});

/** Sends files with the form of a model's page. */
async function upload(model: string, files: Record<string, string | Uint8Array>) {
  const page = await site.get(`/admin/models/${model}/`);
  const form = new FormData();
  form.set("csrfmiddlewaretoken", /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(page.text)?.[1] ?? "");
  for (const [name, content] of Object.entries(files)) form.append("files", new File([Buffer.from(content)], name));
  const sent = new Response(form);
  const headers = { "content-type": sent.headers.get("content-type")! };
  return site.request("POST", `/admin/models/${model}/upload/`, { headers, body: Buffer.from(await sent.arrayBuffer()) });
}

test("a version is uploaded on the model's page, and one that is not a model is refused in words", async () => {
  const empty = (await site.get("/admin/models/drink-price/")).text;
  assert.match(empty, /enctype="multipart\/form-data"[\s\S]*<input type="file" name="files"[^>]* multiple[\s\S]*at most 100 MB/);
  assert.doesNotMatch((await site.get("/admin/models/roast/")).text, /type="file"/, "functions read no files");
  await post("/admin/models/drink-price/train/");
  await waitForRun((await Run.objects.all().first())!);
  const made = readFileSync(join(modelsDirectory(site.services.settings), "drink-price", "1", "model.onnx"));
  const sent = await upload("drink-price", { "any-name.onnx": made });
  assert.deepEqual([sent.status, sent.headers["location"]], [302, "/admin/models/drink-price/"]);
  const page = (await site.get("/admin/models/drink-price/")).text;
  assert.match(page, /Version 2 of drink-price is ready\.[\s\S]*default → v2[\s\S]*upload by admin/);
  for (const [files, said] of [
    [{ "model.onnx": "hello" }, /Version 3 of the model &quot;drink-price&quot; does not load: The file is not an ONNX model\./],
    [{ "model.zip": "PK" }, /there is no model\.onnx among model\.zip/],
    [{ "model.onnx": made, "my labels.txt": "x" }, /&quot;my labels\.txt&quot; is not a plain file name/],
    [{}, /no file was sent/],
  ] as const) {
    assert.equal((await upload("drink-price", files)).status, 302);
    const told = (await site.get("/admin/models/drink-price/")).text;
    assert.match(told, said);
    assert.equal(told.split(said).length, 2, "it is told once");
  }
  assert.deepEqual(site.services.models.describe("drink-price").versions, ["2", "1"]);
  const asked = await post("/admin/models/drink-price/", { name: "Cortado", isIce: "false" });
  assert.match(asked.text, /<dt>Price<\/dt>[\s\S]*version 2/, "it answers in the words of the version before");
});

test("recorded predictions are shown with their right answers, to who may manage the model", async () => {
  const id = randomUUID();
  const items = [{ minutes: 14, notes: ["smoke & <ash>"] }];
  await Prediction.objects.create({
    key: id,
    model: "roast",
    version: "1",
    items,
    answers: [{ roast: "dark", share: 0.123456789 }],
  });
  await giveFeedback(site.services, { model: "roast", id, answers: [{ roast: "light" }], by: "ada" });
  const { text } = await site.get("/admin/models/roast/");
  for (const part of [
    "smoke &amp; &lt;ash&gt;",
    "1 recorded, 1 of them with a right answer.",
    "{&quot;roast&quot;:&quot;light&quot;}",
    "&quot;share&quot;:0.1235}",
    "ada",
  ])
    assert.ok(text.includes(part), part);
  await syncPermissions([], ["drink-price", "roast"]);
  const anna = await User.objects.get({ username: "anna" });
  await anna.userPermissions.set(await Permission.objects.filter({ codename: "models.predict_roast" }));
  await site.login(anna);
  assert.doesNotMatch((await site.get("/admin/models/roast/")).text, /smoke/);
});

test("a canary and a shadow are shown, and the canary can be ended", async () => {
  for (let i = 0; i < 2; i++) {
    await post("/admin/models/drink-price/train/");
    await waitForRun((await Run.objects.all().first())!);
  }
  const { models } = site.services;
  const canary = { version: "2", percent: 12.5, key: "X-User", header: "X-Canary" };
  await models.setAlias("drink-price", "default", { version: "1", canary, shadow: { version: "2" } });
  const { text } = await site.get("/admin/models/drink-price/");
  assert.match(text, /“default”: 12[.,]5% of the requests go to version 2\./);
  assert.match(text, /same value in the header X-User go to the same version/);
  assert.match(text, /chooses by the header X-Canary: always or never/);
  assert.match(text, /“default”: version 2 is asked too, and its answers are compared\./);
  assert.match(text, /<span class="badge">canary<\/span> <span class="badge">shadow<\/span>/);
  assert.match(text, />End the canary</);
  await post("/admin/models/drink-price/rollback/");
  assert.deepEqual(models.describe("drink-price").targets["default"]!.canary, undefined);
  assert.match((await site.get("/admin/models/drink-price/")).text, /Roll back to v/);
});

test("who has no right to a model does not see it, and who may only ask may not train", async () => {
  await syncPermissions([], ["drink-price", "roast"]);
  const anna = await User.objects.get({ username: "anna" });
  await anna.userPermissions.set(await Permission.objects.filter({ codename: "models.predict_roast" }));
  await site.login(anna);
  assert.doesNotMatch((await site.get("/admin/models/")).text, /drink-price/);
  assert.equal((await site.get("/admin/models/drink-price/")).status, 403);
  assert.equal((await site.get("/admin/models/nothing/")).status, 404);
  assert.equal((await post("/admin/models/roast/", { minutes: "3", bean: "arabica", notes: "[]" })).status, 200);
  assert.equal((await post("/admin/models/drink-price/train/")).status, 403);
  assert.equal((await post("/admin/models/roast/alias/", { version: "1" })).status, 403);
  assert.equal((await upload("roast", { "model.onnx": "hello" })).status, 403);
  assert.equal(await Run.objects.all().count(), 0);
});

test("an unknown run is 404", async () => {
  assert.equal((await site.get("/admin/runs/99/")).status, 404);
  assert.equal((await site.get("/admin/runs/99/events/")).status, 404);
});
