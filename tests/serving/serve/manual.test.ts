// `/api/docs` and `/api/openapi.json` where folders of models are served without a project.
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { launchChromium } from "../../end-to-end/chromium.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { putModel, timesModel } from "../models.ts";
import { type ServeProcess, startServe } from "./serve-process.ts";

const root = temporaryFolder({ after });
putModel(root, "double/1", timesModel(2));
const tokens = join(temporaryFolder({ after }), "tokens");
const token = "predict-0123456789";
writeFileSync(tokens, `predict ${token}\n`);

/** A server with its models loaded, and where it answers. */
async function started(served: ServeProcess): Promise<string> {
  const url = await served.url();
  await served.says(/^What a model takes: /m);
  return url;
}

describe("the manual of served folders", () => {
  it("describes in OpenAPI what a model takes, and no address that only a project has", async (t) => {
    const served = startServe(t, [root, "--port", "0"]);
    const url = await started(served);
    assert.match(served.said.out, new RegExp(`The models, described and to be tried: ${url}/api/docs\n`));
    const answer = await fetch(`${url}/api/openapi.json`);
    const { paths, components } = (await answer.json()) as { paths: Record<string, object>; components: { schemas: object } };
    assert.equal(answer.status, 200);
    assert.deepEqual(Object.keys(paths), [
      "/models",
      "/models/double",
      "/models/double/predict",
      "/models/double/versions/{version}/predict",
      "/models/double/aliases/{alias}/predict",
      "/models/double/versions",
      "/models/double/versions/{version}",
      "/models/double/aliases/{alias}",
      "/models/double/aliases/{alias}/rollback",
      "/models/double/load",
      "/models/double/unload",
    ]);
    assert.deepEqual(Object.keys(paths["/models/double/versions"]!), ["get"]);
    assert.deepEqual(Object.keys(components.schemas), ["Error"]);
    const page = await fetch(`${url}/api/docs`);
    assert.match(page.headers.get("content-type")!, /text\/html/);
    assert.equal(page.headers.get("set-cookie"), null);
    assert.doesNotMatch(await page.text(), /session|log in/);
  });

  it("says of an empty folder that there are no models yet, and asks for no token", async (t) => {
    const url = await startServe(t, [temporaryFolder(t), "--port", "0"]).url();
    const page = await (await fetch(`${url}/api/docs`)).text();
    assert.match(page, /There are no models yet\./);
    assert.doesNotMatch(page, /oken/);
  });

  it("tells nothing of the models to who has no token", async (t) => {
    const url = await started(startServe(t, [root, "--port", "0", "--token-file", tokens]));
    const asked = async (headers: Record<string, string>) => {
      const [openapi, docs] = await Promise.all(["openapi.json", "docs"].map((name) => fetch(`${url}/api/${name}`, { headers })));
      return (await openapi!.text()) + (await docs!.text());
    };
    assert.doesNotMatch(await asked({}), /double/);
    assert.match(await asked({ authorization: `Bearer ${token}` }), /double/);
  });
});

describe("the manual of served folders, in a browser", { timeout: 120_000 }, () => {
  let browser: Browser;
  // A site of another name, whose server is here.
  before(async () => void (browser = await launchChromium("--host-resolver-rules=MAP shop.example.com 127.0.0.1")));
  after(() => browser?.close());

  it("asks a model, and shows models to who gives a token", async (t) => {
    const url = await started(startServe(t, [root, "--port", "0", "--token-file", tokens]));
    const page = await browser.newPage();
    page.setDefaultTimeout(20_000);
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    await page.goto(`${url}/api/docs`);
    await page.getByLabel("Token").fill("wrong-0123456789");
    await page.getByRole("button", { name: "Show the models" }).click();
    await page.getByText("This token lets you see no model.").waitFor();
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Show the models" }).click();
    await page.getByRole("heading", { name: "double" }).waitFor();
    await page.getByLabel("Request").fill('{"input": {"x": [1, 2]}}');
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText('"version": "1"').waitFor();
    assert.deepEqual(faults, []);
  });

  it("lets a page of another site ask where --cors says so, and no other", async (t) => {
    const shop = startServe(t, [root, "--port", "0"]);
    const page = await browser.newPage();
    const site = createServer((_request, response) => response.setHeader("content-type", "text/html").end("<h1>Shop</h1>"));
    site.listen(0, "127.0.0.1");
    await once(site, "listening");
    t.after(() => site.close());
    const origin = `http://shop.example.com:${(site.address() as AddressInfo).port}`;
    await page.goto(origin);
    const open = startServe(t, [root, "--port", "0", "--cors", origin]);
    const ask = async (url: string) =>
      page.evaluate(
        `fetch("${url}/api/models/double/predict", { method: "POST", headers: { "content-type": "application/json" }, body: '{"input": {"x": [1, 2]}}' })
          .then(async (answer) => answer.status + " " + answer.headers.get("cortado-model") + " " + (await answer.text()), (error) => "refused: " + error.message)`,
      ) as Promise<string>;
    assert.match(await ask(await started(open)), /^200 double@1 .*"y":\[2,4\]/);
    assert.match(await ask(await started(shop)), /^refused: /);
  });
});
