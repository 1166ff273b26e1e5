import assert from "node:assert/strict";
import { test } from "node:test";
import {
  apiView,
  include,
  type NamesOf,
  path,
  registerConverter,
  rePath,
  Resolver,
  reverse,
  setCurrentResolver,
} from "cortado/http";

const view = () => null;

test("a path leads to its view with converted parameters", () => {
  const resolver = new Resolver([
    path("coffee/", view, { name: "coffee" }),
    path("coffee/<int:id>/", view, { name: "coffee-detail" }),
    path("files/<path:file>/raw/<slug:kind>/", view),
    path("user/<uuid:key>/", view),
  ]);
  assert.equal(resolver.resolve("/coffee/")?.viewName, "coffee");
  assert.deepEqual(resolver.resolve("/coffee/007/")?.params, { id: 7 });
  assert.deepEqual(resolver.resolve("/files/a/b/c/raw/x-1/")?.params, { file: "a/b/c", kind: "x-1" });
  assert.equal(resolver.resolve("/user/39DA9369-838e-4750-91a5-f7805cd82839/"), undefined);
  assert.equal(resolver.resolve("/coffee/x/"), undefined);
  assert.equal(resolver.resolve("/coffee/3"), undefined);
});

test("an integer that a number cannot hold exactly matches nothing", () => {
  const resolver = new Resolver([path("coffee/<int:id>/", view)]);
  assert.equal(resolver.resolve("/coffee/9007199254740993/"), undefined);
});

test("a path that leads nowhere is an API's where it lies under a prefix that has only an API's views", () => {
  const models = [path("models", apiView(view)), path("models/<str:name>", apiView(view))];
  const mixed = [path("rows", apiView(view)), path("page/", view)];
  const resolver = new Resolver([
    path("api/", include(models)),
    path("mixed/", include(mixed)),
    path("in/", [path("api/", models)]),
  ]);
  assert.equal(resolver.isOfApi("/api/nope"), true);
  assert.equal(resolver.isOfApi("/api"), true);
  assert.equal(resolver.isOfApi("/in/api/nope"), true);
  assert.equal(resolver.isOfApi("/mixed/nope"), false);
  assert.equal(resolver.isOfApi("/nope"), false);
  assert.equal(new Resolver([path("", include(models))]).isOfApi("/nope"), false);
});

test("the first declared of two patterns wins, and two converters live in one place", () => {
  const resolver = new Resolver([path("x/<int:n>/", view, { name: "number" }), path("x/<slug:s>/", view, { name: "word" })]);
  assert.equal(resolver.resolve("/x/12/")?.viewName, "number");
  assert.equal(resolver.resolve("/x/a12/")?.viewName, "word");
});

test("included patterns share the prefix's parameters and put their names under a namespace", () => {
  const shop = [path("", view, { name: "index" }), path("<slug:item>/", view, { name: "item" })];
  const resolver = new Resolver([
    path("shops/<int:shop>/", include(shop, { namespace: "shop" })),
    path("plain/<int:shop>/", shop),
  ]);
  const found = resolver.resolve("/shops/4/latte/")!;
  assert.equal(found.view, view);
  assert.equal(found.viewName, "shop:item");
  assert.equal(found.urlName, "item");
  assert.deepEqual(found.namespaces, ["shop"]);
  assert.deepEqual(found.params, { shop: 4, item: "latte" });
  assert.equal(found.route, "shops/<int:shop>/<slug:item>/");
  assert.equal(resolver.reverse("shop:item", { shop: 4, item: "latte" }), "/shops/4/latte/");
  assert.equal(resolver.reverse("index", { shop: 9 }), "/plain/9/");
});

test("regular expressions match and are reversed", () => {
  const resolver = new Resolver([
    rePath(/^archive\/(?<year>[0-9]{4})\/$/, view, { name: "archive" }),
    rePath(/^optional\/(?<a>\d+)\/(?:(?<b>\d+)\/)?$/, view, { name: "optional" }),
    rePath(/^price\/\$([0-9]+)\/$/, view, { name: "price" }),
    rePath(/^same\/(?<word>\w+)-\k<word>\/$/, view, { name: "same" }),
  ]);
  assert.deepEqual(resolver.resolve("/archive/2026/")?.params, { year: "2026" });
  assert.deepEqual(resolver.resolve("/optional/1/")?.params, { a: "1" });
  assert.equal(resolver.reverse("archive", { year: 2026 }), "/archive/2026/");
  assert.equal(resolver.reverse("optional", { a: 1 }), "/optional/1/");
  assert.equal(resolver.reverse("optional", { a: 1, b: 2 }), "/optional/1/2/");
  assert.equal(resolver.reverse("price", ["10"]), "/price/$10/");
  assert.equal(resolver.reverse("same", { word: "x" }), "/same/x-x/");
  assert.throws(() => resolver.reverse("archive", { year: 26 }), { code: "HTTP_NO_REVERSE_MATCH" });
});

test("of several patterns with a name the last declared that fits makes the address", () => {
  const resolver = new Resolver([
    path("a/<str:x>/", view, { name: "same" }),
    path("b/<int:x>/", view, { name: "same" }),
    path("c/", view, { name: "same" }),
  ]);
  assert.equal(resolver.reverse("same"), "/c/");
  assert.equal(resolver.reverse("same", { x: 3 }), "/b/3/");
  assert.equal(resolver.reverse("same", { x: "word" }), "/a/word/");
  assert.equal(resolver.reverse("same", ["word"]), "/a/word/");
});

test("a reversed address is encoded and never names a host", () => {
  const resolver = new Resolver([path("q/<str:text>/", view, { name: "q" }), path("<path:rest>", view, { name: "any" })]);
  assert.equal(resolver.reverse("q", { text: "a b%é?#" }), "/q/a%20b%25%C3%A9%3F%23/");
  assert.equal(resolver.reverse("any", { rest: "/evil.example/x" }), "/%2Fevil.example/x");
});

test("a converter of one's own reads and writes its values", () => {
  registerConverter("year", { regex: /[0-9]{4}/, toValue: Number, toUrl: (year: number) => String(year).padStart(4, "0") });
  const resolver = new Resolver([path("y/<year:year>/", view, { name: "year" })]);
  assert.deepEqual(resolver.resolve("/y/0800/")?.params, { year: 800 });
  assert.equal(resolver.reverse("year", { year: 800 }), "/y/0800/");
});

test("an unknown name is answered with the nearest", () => {
  const resolver = new Resolver([path("coffee/", view, { name: "coffee-list" })]);
  assert.throws(() => resolver.reverse("cofee-list"), {
    code: "HTTP_UNKNOWN_URL_NAME",
    message: 'No address is named "cofee-list".',
    hint: 'Did you mean "coffee-list"?',
  });
});

test("parameters that fit no pattern are answered with what fits", () => {
  const resolver = new Resolver([path("coffee/<int:id>/", view, { name: "coffee" })]);
  assert.throws(() => resolver.reverse("coffee", { key: 3 }), {
    code: "HTTP_NO_REVERSE_MATCH",
    message: 'The address "coffee" cannot be made from { key: 3 }.',
    hint: "Give exactly what a pattern takes: /coffee/<int:id>/.",
  });
});

test("reverse without an open project says how to do without", () => {
  setCurrentResolver(undefined);
  assert.throws(() => reverse("coffee"), {
    code: "HTTP_NO_RESOLVER",
    message: "Addresses cannot be made by name: no project is open.",
    hint: "Call reverse() in a view or a template, or use a Resolver of your own: new Resolver(urls).reverse(name, params).",
  });
});

test("a pattern that cannot be read names what is wrong with it", () => {
  const hint =
    'Write parameters as <int:id> or <slug:name>, and begin the pattern without a slash: path("coffee/<int:id>/", view).';
  const code = "HTTP_BAD_PATTERN";
  const refuse = (pattern: string, problem: string) =>
    assert.throws(() => path(pattern, view), { code, message: `The address pattern "${pattern}" ${problem}.`, hint });
  refuse("/coffee/", "begins with a slash, so it can never match");
  refuse("x/<int:1a>/", 'has the parameter "<int:1a>", whose name is not an identifier');
  refuse("x/<__proto__>/", 'has the parameter "<__proto__>", whose name is not an identifier');
  refuse("x/<int:a>/<int:a>/", 'has the parameter "a" twice');
  refuse("x/<int:a/", "has an angle bracket without its partner");
});

test("an unknown converter is answered with the nearest", () => {
  assert.throws(
    () => path("x/<itn:a>/", view),
    (error: Error & { code: string; hint: string }) => {
      assert.equal(error.code, "HTTP_UNKNOWN_CONVERTER");
      assert.match(
        error.message,
        /^The address pattern "x\/<itn:a>\/" uses the converter "itn"\. There are: int, str, slug, uuid, path/,
      );
      assert.equal(error.hint, 'Did you mean "int"?');
      return true;
    },
  );
});

test("the compiler knows the names of a list and their parameters", () => {
  const inner = [path("x/", view, { name: "x" }), path("y/<slug:s>/", view, { name: "y" }), path("unnamed/", view)];
  const urls = [
    path("c/<int:id>/", view, { name: "c" }),
    path("n/<int:n>/", include(inner, { namespace: "ns" })),
    path("p/", inner),
  ];
  type Names = NamesOf<typeof urls>;
  const params: Pick<Names, "c" | "ns:y" | "y"> = { c: { id: 1 }, "ns:y": { s: "a", n: 2 }, y: { s: "a" } };
  // @ts-expect-error a name that no pattern has
  type Missing = Names["ns:z"];
  // @ts-expect-error the address gives a number
  path("c/<int:id>/", (_request, { id }: { id: string }) => id);
  assert.equal(params.c.id satisfies number, 1);
  assert.equal(undefined as Missing, undefined);
});
