import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import {
  catalogueOf,
  gettext,
  ngettext,
  npgettext,
  overrideLanguage,
  parseMo,
  parsePluralRule,
  parsePo,
  pgettext,
  useI18n,
  writeMo,
  writePo,
} from "cortado/i18n";
import { temporaryFolder } from "../../temporary-folder.ts";

const header = (plural: string) =>
  `msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: ${plural}\\n"\n\n`;
const slavic = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);";

function folder(t: TestContext, files: Record<string, string | Uint8Array>): string {
  t.after(() => useI18n({}));
  return temporaryFolder(t, files);
}

const po = `# A translator's comment
#. What the source says
#: shop/views.ts:3 shop/views.ts:9
#, fuzzy, python-format
#| msgid "Old"
msgctxt "drink"
msgid "%(n)d coffee"
msgid_plural ""
"%(n)d "
"coffees"
msgstr[0] "eins"
msgstr[1] "z\\"wei\\n\\t\\\\"

msgid "plain"
msgstr "schlicht"

#~ msgid "gone"
#~ msgstr "weg"
`;

test("a .po file is read with its comments, contexts, plurals and obsolete texts, and written as it was", () => {
  const { messages, headers } = parsePo(header("nplurals=2; plural=(n != 1);") + po);
  assert.equal(headers.get("Plural-Forms"), "nplurals=2; plural=(n != 1);");
  const [first, second, third] = messages;
  assert.deepEqual(first!.translations, ["eins", 'z"wei\n\t\\']);
  assert.equal(first!.context, "drink");
  assert.equal(first!.plural, "%(n)d coffees");
  assert.deepEqual([first!.comments, first!.extracted], [["A translator's comment"], ["What the source says"]]);
  assert.deepEqual([first!.references, first!.flags, first!.previous], [["shop/views.ts:3", "shop/views.ts:9"], ["fuzzy", "python-format"], ['msgid "Old"']]); // prettier-ignore
  assert.equal(second!.translations[0], "schlicht");
  assert.equal(third!.obsolete, true);
  const written = writePo(parsePo(header("nplurals=2; plural=(n != 1);") + po));
  const again = parsePo(written);
  const withoutLines = (file: typeof again) => file.messages.map(({ line: _, ...message }) => message);
  assert.deepEqual(withoutLines(again), withoutLines(parsePo(header("nplurals=2; plural=(n != 1);") + po)));
  assert.equal(writePo(again), written);
});

test("a .po file says on which line it cannot be read", () => {
  const wrong: [string, number, RegExp][] = [
    ['msgid "a"\nmsgstr "b\n', 2, /must stand in double quotes/],
    ['msgid "a"\nmsgid "b"\nmsgstr ""\n', 2, /has no msgstr/],
    ['msgid "a"\n\nmsgstr "x"\nnonsense\n', 4, /"nonsense" is not understood/],
    ['msgstr "x"\n', 1, /no msgid before it/],
    ['msgid "a"\nmsgid_plural "b"\nmsgstr[0] "x"\nmsgstr[2] "y"\n', 4, /msgstr\[2\] stands where msgstr\[1\] should/],
    ['msgid "a"b"\nmsgstr ""\n', 1, /must be written/],
  ];
  for (const [text, line, problem] of wrong) {
    assert.throws(() => parsePo(text), (error: Error & { line: number }) => error.line === line && problem.test(error.message), text); // prettier-ignore
  }
});

test("a catalogue is read in the charset that its header names", () => {
  const latin = Buffer.from(
    'msgid ""\nmsgstr "Content-Type: text/plain; charset=ISO-8859-1\\n"\n\nmsgid "a"\nmsgstr "\u00fc"\n',
    "latin1",
  );
  assert.equal(parsePo(latin).messages[0]!.translations[0], "ü");
  const wrong = Buffer.concat([Buffer.from('msgid "a"\nmsgstr "'), Buffer.of(0xff), Buffer.from('"\n')]);
  assert.throws(() => parsePo(wrong), /not written in utf-8/);
});

test("a .mo file has what is translated, and gives it back in either byte order", () => {
  const file = parsePo(
    header("nplurals=2; plural=(n != 1);") +
      po +
      '\nmsgctxt "c"\nmsgid "x"\nmsgid_plural "xs"\nmsgstr[0] "ein"\nmsgstr[1] "zwei"\n',
  );
  const bytes = writeMo(file);
  const read = parseMo(bytes);
  assert.deepEqual(read.messages.map(({ id, context, translations }) => [id, context, translations]), [["x", "c", ["ein", "zwei"]], ["plain", undefined, ["schlicht"]]]); // prettier-ignore
  assert.equal(read.headers.get("Plural-Forms"), "nplurals=2; plural=(n != 1);");
  const swapped = Buffer.from(bytes);
  const words = 7 + 2 * 2 * swapped.readUInt32LE(8);
  for (let word = 0; word < words; word++) swapped.writeUInt32BE(Buffer.from(bytes).readUInt32LE(word * 4), word * 4);
  assert.deepEqual(parseMo(swapped).messages, read.messages);
});

test("a .mo file that was cut or made up is refused", () => {
  const bytes = writeMo(parsePo('msgid "a"\nmsgstr "b"\n'));
  assert.throws(() => parseMo(Buffer.from("no catalogue at all, but long enough")), /it is no \.mo file/);
  for (let length = 28; length < bytes.length - 2; length += 3)
    assert.throws(() => parseMo(bytes.slice(0, length)), /ends too early/);
  const huge = Buffer.from(bytes);
  huge.writeUInt32LE(0xffffffff, 8);
  assert.throws(() => parseMo(huge), /ends too early/);
});

test("msgfmt agrees with what compilemessages writes", (t) => {
  try {
    execFileSync("msgfmt", ["--version"], { stdio: "ignore" });
  } catch {
    return t.skip("msgfmt is not installed");
  }
  const text = `${header(slavic)}msgid "x"\nmsgid_plural "xs"\nmsgstr[0] "a"\nmsgstr[1] "b"\nmsgstr[2] "c"\n`;
  const bytes = execFileSync("msgfmt", ["-", "-o", "-"], { input: text });
  assert.deepEqual(parseMo(bytes).messages, parseMo(writeMo(parsePo(text))).messages);
});

test("plural rules are read as C reads them", () => {
  const russian = parsePluralRule(slavic);
  assert.deepEqual([0, 1, 2, 4, 5, 11, 12, 21, 22, 25, 101, 111].map(russian.formOf), [2, 0, 1, 1, 2, 2, 2, 0, 1, 2, 0, 2]);
  assert.equal(parsePluralRule("nplurals=2; plural=n>1?1:0").formOf(2), 1);
  assert.equal(parsePluralRule("nplurals=2; plural=!(n==1)||0;").formOf(1), 0);
  assert.equal(parsePluralRule("nplurals=4; plural=1+2*3-4/2%3;").formOf(0), 5);
});

test("a plural rule is never run as code", () => {
  for (const rule of [
    "nplurals=2; plural=process.exit();",
    "nplurals=2; plural=n;process",
    "nplurals=2; plural=(n",
    "nplurals=2; plural=n n",
    "nplurals=2; plural=",
    "nplurals=0; plural=0;",
    "nplurals=99; plural=0;",
    `nplurals=2; plural=${"(".repeat(400)}n${")".repeat(400)};`,
    `nplurals=2; plural=${"n+".repeat(600)}n;`,
    "plural=n",
    `nplurals=2;${" ".repeat(20_000)}plural=${" ".repeat(20_000)};x`,
  ]) {
    assert.throws(() => parsePluralRule(rule), SyntaxError, rule.slice(0, 60));
  }
});

test("texts, plurals and contexts are found in the language of what runs", (t) => {
  t.after(() => useI18n({}));
  const text = `${header(slavic)}msgid "coffee"\nmsgid_plural "coffees"\nmsgstr[0] "один"\nmsgstr[1] "два"\nmsgstr[2] "пять"

msgctxt "month"\nmsgid "May"\nmsgstr "май"

msgctxt "tree"\nmsgid "leaf"\nmsgid_plural "leaves"\nmsgstr[0] "1"\nmsgstr[1] "2"\nmsgstr[2] "5"

#, fuzzy\nmsgid "unsure"\nmsgstr "может быть"

msgid "empty"\nmsgstr ""\n`;
  useI18n({ catalogues: [{ language: "ru", po: text }] });
  assert.equal(ngettext("coffee", "coffees", 2), "coffees");
  overrideLanguage("ru", () => {
    assert.deepEqual([1, 3, 5].map((n) => ngettext("coffee", "coffees", n)), ["один", "два", "пять"]); // prettier-ignore
    assert.equal(pgettext("month", "May"), "май");
    assert.equal(pgettext("verb", "May"), "May");
    assert.equal(gettext("May"), "May");
    assert.equal(npgettext("tree", "leaf", "leaves", 22), "2");
    assert.deepEqual([gettext("unsure"), gettext("empty"), gettext("unknown")], ["unsure", "empty", "unknown"]);
    assert.equal(ngettext("tea", "teas", 1), "tea");
    assert.equal(gettext(""), "");
  });
});

test("a language without its country, and the project's own, stand behind a language", (t) => {
  const root = folder(t, {
    "de/LC_MESSAGES/cortado.po": 'msgid "uno"\nmsgstr "eins"\n\nmsgid "due"\nmsgstr "zwei"\n',
    "de_AT/LC_MESSAGES/cortado.po": 'msgid "due"\nmsgstr "zwo"\n',
    "ko/LC_MESSAGES/cortado.po": 'msgid "uno"\nmsgstr "하나"\n\nmsgid "tre"\nmsgstr "셋"\n',
  });
  useI18n({ language: "ko", catalogues: [root] });
  overrideLanguage("de-at", () =>
    assert.deepEqual(["uno", "due", "tre", "quattro"].map(gettext), ["eins", "zwo", "셋", "quattro"]),
  );
  overrideLanguage("en-gb", () => assert.equal(gettext("tre"), "tre"));
  overrideLanguage(null, () => assert.equal(gettext("tre"), "tre"));
});

test("the first folder is the strongest, cortado.po stands over django.po, and .mo is read where no .po is", (t) => {
  const root = folder(t, {
    "strong/fr/LC_MESSAGES/django.po": 'msgid "a"\nmsgstr "strong django"\n\nmsgid "b"\nmsgstr "strong b"\n',
    "strong/fr/LC_MESSAGES/cortado.po": 'msgid "a"\nmsgstr "strong cortado"\n',
    "weak/fr/LC_MESSAGES/cortado.po": 'msgid "a"\nmsgstr "weak"\n\nmsgid "c"\nmsgstr "weak c"\n',
    "weak/fr/LC_MESSAGES/django.mo": writeMo(parsePo('msgid "d"\nmsgstr "compiled"\n')),
  });
  useI18n({ catalogues: [join(root, "strong"), join(root, "weak")] });
  overrideLanguage("fr", () =>
    assert.deepEqual(["a", "b", "c", "d"].map(gettext), ["strong cortado", "strong b", "weak c", "compiled"]),
  );
  assert.equal(catalogueOf("fr")!.gettext("Yes"), "Oui");
});

test("a broken catalogue names its file, its line and what is wrong", (t) => {
  const root = folder(t, {
    "fr/LC_MESSAGES/cortado.po": 'msgid "a"\nmsgstr "b\n',
    "nl/LC_MESSAGES/cortado.po": `${header("nplurals=2; plural=eval(1);")}msgid "a"\nmsgstr "b"\n`,
  });
  useI18n({ catalogues: [root] });
  assert.throws(() => catalogueOf("fr"), {
    code: "KERNEL_BAD_CATALOGUE",
    message: /The catalogue .*fr\/LC_MESSAGES\/cortado\.po, line 2 cannot be read/,
    hint: "`npx cortado compilemessages` says of every catalogue what is wrong with it.",
  });
  assert.throws(() => catalogueOf("nl"), { code: "KERNEL_BAD_CATALOGUE", message: /"e" is not understood/ });
});

test("a language whose texts nobody wrote costs no look-ups", () => {
  assert.equal(catalogueOf("en"), undefined);
  assert.equal(catalogueOf("en-gb"), undefined);
  assert.equal(catalogueOf("sw"), undefined);
});

test("a code from outside leads to no file, and fills no memory", () => {
  for (const code of ["../../etc", "de/../..", "", "de\0", "x".repeat(9), "__proto__", "de\r\nx: y"])
    assert.equal(catalogueOf(code), undefined, code);
  for (let n = 0; n < 2000; n++) assert.equal(catalogueOf(`en-${n}`), undefined);
});
