import assert from "node:assert/strict";
import { test } from "node:test";
import { httpChecks, include, path, rePath, type UrlPattern } from "cortado/http";

const view = () => null;

/** What the checks say of addresses, each with its hint. */
async function said(urls: readonly UrlPattern[]): Promise<{ level: string; code: string; message: string; hint: string }[]> {
  const project = { urls, apps: [], secretKey: "a secret key that is long enough", debug: false, mode: "test", root: "/" };
  const found = await httpChecks(project as never);
  return found.map(({ level, code, message, hint = "" }) => ({ level, code, message, hint }));
}

test("an address that another hides is named", async () => {
  const code = "HTTP_CHECK_UNREACHABLE_URL";
  const hint = "Put the narrower address first.";
  const hidden = (route: string, earlier: string) => ({ level: "warning", code, message: `The address "${route}" is never reached: "${earlier}" stands before it and takes its paths.`, hint }); // prettier-ignore
  assert.deepEqual(await said([path("files/<path:name>", view), path("files/new/", view)]), [
    hidden("files/new/", "files/<path:name>"),
  ]);
  assert.deepEqual(await said([path("a/", [path("b/", view)]), path("a/b/", view)]), [hidden("a/b/", "a/b/")]);
  assert.deepEqual(await said([path("files/new/", view), path("files/<path:name>", view), path("x/<int:a>/", view), path("x/<slug:a>/", view)]), []); // prettier-ignore
  assert.deepEqual(await said([path("files/<path:name>", view), path("files/", view)]), []);
});

test("a pattern that means something else is named", async () => {
  const code = "HTTP_CHECK_URL_PATTERN";
  const says = async (pattern: UrlPattern) => (await said([pattern])).map((each) => (assert.equal(each.code, code), [each.message, each.hint])); // prettier-ignore
  const letters = "path() takes it letter by letter: write rePath(), or <int:id>.";
  assert.deepEqual(await says(path("coffee/$", view)), [
    ['The address pattern "coffee/$" is written as a regular expression.', letters],
  ]);
  assert.deepEqual(await says(path("^coffee/", view)), [
    ['The address pattern "^coffee/" is written as a regular expression.', letters],
  ]);
  const [slash] = await says(rePath(/^\/coffee\/$/, view));
  assert.equal(slash![1], "The path begins behind its first slash: take the slash away.");
  const [dollar] = await says(rePath(/^coffee\/$/, [path("x/", view)]));
  assert.equal(dollar![1], "Take the $ away: what is included ends the path.");
  const [colon] = await says(path("coffee/", view, { name: "shop:coffee" }));
  assert.equal(colon![1], "A colon separates namespaces: reverse() would look for one.");
});

test("a pattern that can be made slow is named", async () => {
  const slow = (route: string) => [
    {
      level: "warning",
      code: "HTTP_CHECK_SLOW_URL",
      message: `The address "${route}" can be made to take long: a path can be divided over its parts in very many ways.`,
      hint: "Use one <path:…> at most, and no repetition inside of another.",
    },
  ];
  assert.deepEqual(await said([path("<path:a>/x/", [path("<path:b>/y/", view)])]), slow("<path:a>/x/<path:b>/y/"));
  assert.deepEqual(await said([rePath(/^(a+)+$/, view)]), slow("^(a+)+$"));
  assert.deepEqual(await said([rePath(/^([a-z]+)\/(?:x\/)?$/, view), path("<path:a>/<slug:b>/", view)]), []);
});

test("a namespace that two lists share is named", async () => {
  const inner = [path("", view, { name: "index" })];
  const shared = [
    {
      level: "warning",
      code: "HTTP_CHECK_SHARED_NAMESPACE",
      message: 'Several lists of addresses have the namespace "a:shop", and only the first can be reversed.',
      hint: 'Give each its own: include(urls, { namespace: "…" }).',
    },
  ];
  const list = [path("1/", include(inner, { namespace: "shop" })), path("2/", include(inner, { namespace: "shop" }))];
  assert.deepEqual(await said([path("a/", include(list, { namespace: "a" }))]), shared);
  assert.deepEqual(await said([path("a/", include(list.slice(0, 1), { namespace: "a" })), ...list.slice(0, 1)]), []);
});
