import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  apiView,
  include,
  isValidPath,
  MultiDict,
  type NamesOf,
  overrideUrls,
  path,
  registerConverter,
  rePath,
  resolve,
  Resolver,
  type ReverseOptions,
  setCurrentResolver,
} from "cortado/http";
import { reverse, reverseLazy } from "../any-address.ts";

declare module "cortado/http" {
  interface ConverterValues {
    "typed-month": { year: number; month: number };
  }
}
registerConverter("typed-month", {
  regex: /[0-9]{4}-[0-9]{2}/,
  toValue: (text) => ({ year: Number(text.slice(0, 4)), month: Number(text.slice(5)) }),
  toUrl: ({ year, month }: { year: number; month: number }) => `${year}-${String(month).padStart(2, "0")}`,
});

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

test("a path that leads nowhere is an API's where it lies below a fixed address of one", () => {
  const resolver = new Resolver([
    path("metrics", apiView(view)),
    path("runs/", apiView(view)),
    path("page", view),
    path("", apiView(view)),
  ]);
  const of = (address: string) => resolver.isOfApi(address);
  assert.deepEqual(["/metrics/nope", "/metrics/", "/runs/7", "/runs"].map(of), [true, true, true, true]);
  assert.deepEqual(["/metricsx", "/page/nope", "/nope"].map(of), [false, false, false]);
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

test("the compiler knows namespaces of applications and instances, and the values of converters of one's own", () => {
  const deep = [path("z/", view, { name: "z" })];
  const inner = [path("<typed-month:month>/", view, { name: "sales" }), path("deep/", include(deep, { namespace: "deep" }))];
  const urls = [
    path("a/<slug:house>/", include({ appName: "shop", urls: inner } as const, { namespace: "author" })),
    path("b/", include(inner, { appName: "plain" })),
    rePath(/^r\//, include(deep, { namespace: "regex" })),
  ];
  type Names = NamesOf<typeof urls>;
  type Month = { year: number; month: number };
  const month: Month = { year: 2026, month: 3 };
  const params: Pick<Names, "author:sales" | "shop:sales" | "plain:sales" | "author:deep:z" | "plain:deep:z"> = {
    "author:sales": { house: "faber", month },
    "shop:sales": { house: "faber", month },
    "plain:sales": { month },
    "author:deep:z": { house: "faber" },
    "plain:deep:z": {},
  };
  type Regex = Names["regex:z"];
  // @ts-expect-error the parameter of the prefix is missing
  const missing: Names["shop:sales"] = { month };
  // @ts-expect-error a name that no pattern has
  type Unknown = Names["shop:z"];
  // @ts-expect-error the converter gives a month, not a text
  path("<typed-month:month>/", (_request, { month: text }: { month: string }) => text);
  assert.equal(params["plain:sales"].month satisfies Month, month);
  assert.deepEqual([missing.month, undefined as Unknown, {} satisfies Regex], [month, undefined, {}]);
});

describe("namespaces", () => {
  const polls = {
    appName: "polls",
    urls: [path("", view, { name: "index" }), path("<int:id>/", view, { name: "detail" })],
  } as const;
  const urls = [
    path("author/", include(polls, { namespace: "author-polls" })),
    path("publisher/<slug:house>/", include(polls, { namespace: "publisher-polls" })),
    path("plain/", include([path("", view, { name: "start" })], { namespace: "plain" })),
  ] as const;
  const resolver = new Resolver(urls);

  test("an application's name means the current instance, or the last declared", () => {
    assert.equal(resolver.reverse("author-polls:index"), "/author/");
    assert.equal(resolver.reverse("polls:index", { house: "faber" }), "/publisher/faber/");
    assert.equal(resolver.reverse("polls:index", {}, { currentApp: "author-polls" }), "/author/");
    assert.equal(resolver.reverse("polls:detail", { id: 3 }, { currentApp: "author-polls" }), "/author/3/");
    assert.equal(resolver.reverse("plain:start", {}, { currentApp: "author-polls" }), "/plain/");
  });

  test("the instance that is named as its application is the default", () => {
    const withDefault = new Resolver([path("main/", include(polls)), ...urls]);
    assert.equal(withDefault.reverse("polls:index"), "/main/");
    assert.equal(withDefault.reverse("polls:index", {}, { currentApp: "author-polls" }), "/author/");
  });

  test("what a path leads to says its namespaces", () => {
    const found = resolver.resolve("/publisher/faber/3/")!;
    assert.deepEqual([found.appNames, found.namespaces, found.urlName], [["polls"], ["publisher-polls"], "detail"]);
    assert.equal(found.viewName, "publisher-polls:detail");
    assert.equal(found.appName, "polls");
    assert.equal(found.namespace, "publisher-polls");
    assert.deepEqual(found.kwargs, { house: "faber", id: 3 });
  });

  test("an unknown namespace is answered with the nearest, and where it was looked for", () => {
    assert.throws(() => resolver.reverse("author-pols:index"), {
      code: "HTTP_UNKNOWN_NAMESPACE",
      message: 'No namespace is named "author-pols".',
      hint: 'Did you mean "author-polls"?',
    });
    assert.throws(() => resolver.reverse("author-polls:inner:index"), {
      message: 'No namespace is named "inner" inside "author-polls".',
      hint: "There are no namespaces here.",
    });
  });
});

test("parameters are added by a pattern and by an included list", () => {
  const resolver = new Resolver([
    path("en/", include([path("x/<int:n>/", view, { name: "x", extra: { kind: "small" } })]), { extra: { language: "en" } }),
  ]);
  const found = resolver.resolve("/en/x/3/")!;
  assert.deepEqual(found.params, { n: 3, kind: "small", language: "en" });
  assert.deepEqual(found.extra, { kind: "small", language: "en" });
  assert.equal(resolver.reverse("x", { n: 3, language: "en" }), "/en/x/3/");
});

test("groups without a name are counted through included lists, and count where nothing has a name", () => {
  const resolver = new Resolver([
    rePath(/^outer\/([0-9]+)\//, [rePath(/^inner\/([0-9]+)\/$/, view, { name: "both" })]),
    path("named/<int:a>/", [rePath(/^inner\/([0-9]+)\/$/, view, { name: "mixed" })]),
  ]);
  const both = resolver.resolve("/outer/1/inner/2/")!;
  assert.deepEqual([both.args, both.params, both.kwargs], [["1", "2"], { 0: "1", 1: "2" }, {}]);
  assert.equal(resolver.reverse("both", [1, 2]), "/outer/1/inner/2/");
  assert.deepEqual(resolver.resolve("/named/1/inner/2/")!.params, { a: 1, 0: "2" });
});

test("an address takes a query and a fragment", () => {
  const resolver = new Resolver([path("coffee/", view, { name: "coffee" })]);
  const made = (options: ReverseOptions) => resolver.reverse("coffee", {}, options);
  assert.equal(made({ query: { page: 2, tag: ["new", "a b"], none: undefined } }), "/coffee/?page=2&tag=new&tag=a+b");
  assert.equal(made({ query: new URLSearchParams("a=1&a=2") }), "/coffee/?a=1&a=2");
  assert.equal(made({ query: new MultiDict([["a", "*~"]]) }), "/coffee/?a=%2A~");
  assert.equal(made({ query: "?q=1" }), "/coffee/?q=1");
  assert.equal(made({ query: {} }), "/coffee/");
  assert.equal(made({ query: { q: 1 }, fragment: "top" }), "/coffee/?q=1#top");
  assert.throws(() => made({ fragment: 0 as never }), {
    code: "HTTP_BAD_FRAGMENT",
    message: "A fragment is text. Given: 0.",
    hint: 'Write reverse("coffee", {}, { fragment: "prices" }).',
  });
});

test("a project behind a prefix makes its addresses with it, and takes them with and without", () => {
  const resolver = new Resolver([path("coffee/", view, { name: "coffee" })], { prefix: "shop" });
  assert.equal(resolver.reverse("coffee"), "/shop/coffee/");
  assert.equal(resolver.resolve("/shop/coffee/")?.urlName, "coffee");
  assert.equal(resolver.resolve("/coffee/")?.urlName, "coffee");
  assert.equal(new Resolver([path("", view, { name: "x" })], { prefix: "/a b/" }).reverse("x"), "/a%20b/");
});

test("resolve and reverse ask the open project's addresses, or those that a request has in their place", (t) => {
  setCurrentResolver(new Resolver([path("coffee/", view, { name: "drink" })]));
  t.after(() => setCurrentResolver(undefined));
  const lazy = reverseLazy("drink");
  const partners = [path("tea/", view, { name: "drink" })];
  assert.equal(resolve("/coffee/")?.urlName, "drink");
  assert.deepEqual([isValidPath("/coffee/"), isValidPath("/tea/")], [true, false]);
  assert.deepEqual([reverse("drink"), String(lazy)], ["/coffee/", "/coffee/"]);
  overrideUrls(partners, () => {
    assert.deepEqual([reverse("drink"), String(lazy), isValidPath("/coffee/")], ["/tea/", "/tea/", false]);
  });
  assert.equal(reverse("drink"), "/coffee/");
});

test("a pattern without a view, and one that is no expression, are refused where they are written", () => {
  assert.throws(() => path("coffee/", undefined as never), {
    code: "HTTP_NO_VIEW",
    message: 'The address pattern "coffee/" has no view. Given: undefined.',
    hint: "Give it a function, a list of patterns or include(…). An import cycle leaves a view undefined.",
  });
  assert.throws(() => rePath("^(coffee/", view), { code: "HTTP_BAD_PATTERN" });
});

test("an expression that takes capitals for small letters is reversed with either", () => {
  const resolver = new Resolver([rePath(/^CaseInsensitive\/(\w+)/i, view, { name: "any" })]);
  assert.equal(resolver.resolve("/caseinsensitive/fred")?.urlName, "any");
  assert.equal(resolver.reverse("any", ["fred"]), "/CaseInsensitive/fred");
});

test("a match's route has the beginning of the whole alone", () => {
  const inner = [rePath(/^r\/(?<year>[0-9]{4})\/$/, () => "", { name: "year" })];
  const found = new Resolver([rePath(/^in\/(?<z>\w+)\//, include(inner))]).resolve("/in/a/r/2003/");
  assert.equal(found?.route, "^in\\/(?<z>\\w+)\\/r\\/(?<year>[0-9]{4})\\/$");
});
