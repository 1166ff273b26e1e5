// The commands about catalogues, on a project of one view.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, describe, test } from "node:test";
import { runCli } from "./run-cli.ts";

const work = resolve(import.meta.dirname, "../../var");
mkdirSync(work, { recursive: true });
const root = mkdtempSync(join(work, "messages-"));
after(() => rmSync(root, { recursive: true, force: true }));
writeFileSync(
  join(root, "cortado.config.ts"),
  'import { defineProject } from "cortado";\nexport default defineProject({ apps: [], secretKey: "tests only", languages: ["en", "ko"] });\n',
);
writeFileSync(
  join(root, "views.ts"),
  'import { gettext } from "cortado/i18n";\nexport const hello = () => gettext("Hello, %(name)s");\n',
);
const cli = (...argv: string[]) => runCli(argv, root);
const file = join(root, "locale/ko/LC_MESSAGES/cortado.po");

describe("the commands about catalogues", { concurrency: false }, () => {
  test("makemessages asks for a language where there is no catalogue", async () => {
    const { code, err } = await cli("makemessages");
    assert.equal(code, 1);
    assert.match(err, /APP_NO_LANGUAGE[\s\S]*npx cortado makemessages --locale ko/);
    assert.match((await cli("compilemessages")).out, /There are no catalogues/);
  });

  test("makemessages writes a catalogue, and says when it has everything", async () => {
    const { code, out } = await cli("makemessages", "--locale", "ko");
    assert.deepEqual([code, out], [0, "wrote locale/ko/LC_MESSAGES/cortado.po: 1 texts, 1 to be translated\n"]);
    assert.equal((await cli("makemessages", "--check")).out, "Every catalogue has the texts that the sources have.\n");
    assert.match(
      (await cli("makemessages", "--add-location", "x")).err,
      /--add-location is "x", and must be full, file or never/,
    );
  });

  test("makemessages --check says what would change, and changes nothing", async () => {
    writeFileSync(join(root, "page.html"), '{% translate "Coffee" %}{% blocktranslate %}{% if x %}{% endblocktranslate %}');
    const before = readFileSync(file, "utf8");
    const { code, out, err } = await cli("makemessages", "--check");
    assert.equal(code, 1);
    assert.match(out, /would write locale\/ko\/LC_MESSAGES\/cortado\.po: 2 texts/);
    assert.match(err, /page\.html:1 {2}\{% blocktranslate %\} holds the tag \{% if x %\}\./);
    assert.equal(readFileSync(file, "utf8"), before);
  });

  test("compilemessages refuses a translation that names what its text does not", async () => {
    writeFileSync(
      file,
      readFileSync(file, "utf8")
        .replace('msgstr ""\n', 'msgstr ""\n')
        .replace(/(msgid "Hello.*\n)msgstr ""/, '$1msgstr "%(nama)s님"'),
    );
    const { code, err } = await cli("compilemessages", "--check");
    assert.equal(code, 1);
    assert.match(err, /cortado\.po:\d+ {2}the translation of "Hello, %\(name\)s" has %\(nama\), which the text does not have\./);
  });
});
