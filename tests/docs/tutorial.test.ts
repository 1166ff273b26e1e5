// The tutorial, followed block by block: its files are written, its commands run, and its addresses asked.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type OpenProject, openProject } from "cortado";
import { waitForRun, Run } from "cortado/registry";
import { type ServedDirectory, serveDirectory } from "cortado/serving";
import { blocksOf } from "./doc-blocks.ts";
import { curlRequest, DocProject } from "./doc-project.ts";

const pages = ["docs/tutorial/1-a-coffee-list.md", "docs/tutorial/2-a-model-that-learns-from-it.md"];
const servingPage = "docs/tutorial/3-serve-a-folder-of-onnx-models.md";
let project: DocProject;
before(async () => {
  project = await DocProject.create();
  for (const page of pages) for (const block of blocksOf(page)) await project.follow(block);
});
after(() => project?.remove());

/** The first block of a page that shows a `curl` line with a text in it, as a request elsewhere. */
function curlOf(page: string, text: string, replace: Readonly<Record<string, string>>): { url: string; init: RequestInit } {
  const block = blocksOf(page).find((each) => each.text.startsWith("curl") && each.text.includes(text));
  assert.ok(block, `${page} has a curl line with ${text}`);
  const line = Object.entries(replace).reduce(
    (whole, [from, to]) => whole.replaceAll(from, to),
    block.text.replaceAll("\\\n", " "),
  );
  return curlRequest(line);
}

describe("the tutorial", () => {
  let site: OpenProject;
  let url: string;
  const here = () => ({ "http://127.0.0.1:8000": url });

  before(async () => {
    const { default: config } = await import(pathToFileURL(join(project.folder, "cortado.config.ts")).href);
    site = await openProject({ ...config, mode: "test" });
    url = await site.listen({ port: 0 });
  });
  after(() => site?.close());

  test("its migrations have the names that its pages give them", () => {
    const written = readdirSync(join(project.folder, "homepage/migrations")).sort();
    assert.deepEqual(written, ["0001_initial.ts", "0002_coffee_shots.ts", "0003_menu.ts"]);
  });

  test("its project type-checks, and its checks find nothing", async () => {
    await project.typeCheck();
    assert.match(await project.cortado("check"), /Nothing to mend/);
  });

  test("its list shows the rows of the migration", async () => {
    const page = await (await fetch(`${url}/coffee/`)).text();
    assert.match(page, /<p>Flat white , 4800<\/p>/);
    assert.match(page, /csrfmiddlewaretoken/);
  });

  test("a form without its token is refused as the first part shows", async () => {
    const { url: to, init } = curlOf(pages[0]!, "name=Thief", here());
    assert.equal((await fetch(to, init)).status, 403);
  });

  test("the page says a price for a drink", async () => {
    assert.match(await (await fetch(`${url}/price/`)).text(), /<option value="Latte">/);
    const page = await (await fetch(`${url}/price/?name=Latte&isIce=true&shots=2`)).text();
    assert.match(page, /<p>About [45]\d\d\d<\/p>/);
  });

  test("a prediction is answered to the curl line that is shown", async () => {
    const { url: to, init } = curlOf(pages[1]!, "drink-price/predict", here());
    const answer = await fetch(to, init);
    const { output, version } = (await answer.json()) as { output: { price: number }; version: string };
    assert.deepEqual([answer.status, version], [200, "1"]);
    assert.ok(Math.abs(output.price - 5600) < 1500, `${output.price}`);
    const wrong = await fetch(to, { ...init, body: '{"input": {"name": "Latte", "isIce": true, "shots": "two"}}' });
    assert.equal(wrong.status, 400);
    assert.match(await wrong.text(), /shots.*two.*must be a number/);
  });

  test("a training over HTTP makes the next version", async () => {
    const line = blocksOf(pages[1]!)
      .find(({ text }) => text.includes("createtoken"))!
      .text.trim();
    const token = (await project.command(line)).trim();
    const { url: to, init } = curlOf(pages[1]!, "drink-price/train", { ...here(), $TOKEN: token });
    const answer = await fetch(to, init);
    assert.equal(answer.status, 202);
    const { id } = (await answer.json()) as { id: number };
    const address = new URL(answer.headers.get("location")!, url);
    assert.equal((await waitForRun(await Run.objects.get({ id }))).state, "succeeded");
    const run = (await (await fetch(address, { headers: { authorization: `Bearer ${token}` } })).json()) as { version: string };
    assert.equal(run.version, "2");
  });
});

describe("the tutorial's folder of models", () => {
  let server: ServedDirectory;
  let answers: { status: number; body: any }[];

  before(async () => {
    const blocks = blocksOf(servingPage).filter(({ text }) => !text.includes("cortado serve models --host"));
    const [first, ...later] = blocks.filter(({ text }) => text.startsWith("mkdir"));
    await project.follow(first!);
    server = await serveDirectory(join(project.folder, "models"), { port: 0, log: { info() {}, warn() {} } });
    for (const block of later) await project.follow(block);
    while (server.models.describe("drink-price").aliases["default"] !== "2") await new Promise((done) => setTimeout(done, 50));
    const requests = blocks
      .filter(({ text }) => text.startsWith("curl"))
      .map(({ text }) => text.replaceAll("\\\n", " ").replace("http://127.0.0.1:8080", server.url));
    answers = [];
    for (const line of requests) {
      const { url, init } = curlRequest(line);
      const answer = await fetch(url, init);
      answers.push({ status: answer.status, body: await answer.json() });
    }
  });
  after(() => server?.close());

  test("every line that is shown is answered", () => {
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 200, 200],
    );
  });

  test("the signature is the one that is told", () => {
    const { inputs, outputs } = answers[0]!.body.signature;
    assert.deepEqual(
      inputs.map((input: any) => [input.name, input.datatype, input.shape]),
      [
        ["name", "BYTES", [-1, 1]],
        ["isIce", "FP64", [-1, 1]],
        ["shots", "FP64", [-1, 1]],
      ],
    );
    assert.deepEqual(
      outputs.map((output: any) => output.name),
      ["value"],
    );
  });

  test("one item, several, and tensors get the same prediction", () => {
    const [one, several, tensors] = answers.slice(1).map(({ body }) => body);
    assert.deepEqual(several.outputs[0], one.output);
    assert.deepEqual(tensors.outputs[0].data, one.output.value);
  });
});
