import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, beforeEach, test } from "node:test";
import {
  clearOutbox,
  ConsoleMailer,
  DummyMailer,
  EmailMessage,
  FileMailer,
  keepSentMail,
  mailChecks,
  mailAdmins,
  mailManagers,
  type MailBackend,
  mailer,
  MemoryMailer,
  onMessage,
  openMailer,
  outbox,
  parseMailAddress,
  sendMail,
  sendMassMail,
  useMailers,
} from "cortado/mail";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder({ after });
beforeEach(() => {
  clearOutbox();
  useMailers({ default: new MemoryMailer() }, { from: "Shop <shop@example.com>" });
});

const mimeOf = async (message: EmailMessage): Promise<string> => (await message.mime()).toString();

test("a message goes into the outbox", async () => {
  assert.equal(await sendMail({ subject: "Welcome", body: "Good that you are here.", to: "ada@example.com" }), 1);
  const [message] = outbox();
  assert.equal(message!.subject, "Welcome");
  assert.deepEqual(message!.recipients(), ["ada@example.com"]);
  assert.equal(outbox().length, 1);
});

test("a message without recipients is not sent", async () => {
  assert.equal(await sendMail({ subject: "Nobody", body: "…", to: [] }), 0);
  assert.equal(outbox().length, 0);
});

test("a message is written as mail programs read it", async () => {
  const message = new EmailMessage({
    subject: "Coffee",
    body: "One\nTwo",
    from: "Shop <shop@example.com>",
    to: ["ada@example.com", '"Lovelace, Ada" <lovelace@example.com>'],
    cc: "cc@example.com",
    bcc: "hidden@example.com",
    replyTo: "answers@example.com",
    headers: { "X-Cup": "small" },
  });
  const text = await mimeOf(message);
  assert.match(text, /^Subject: Coffee\r\nFrom: Shop <shop@example\.com>\r\n/);
  assert.match(text, /To: ada@example\.com, "Lovelace, Ada" <lovelace@example\.com>\r\n/);
  assert.match(
    text,
    /Cc: cc@example\.com\r\nReply-To: answers@example\.com\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000\r\n/,
  );
  assert.match(text, /Message-ID: <[^>]+@[^>]+>\r\nX-Cup: small\r\nMIME-Version: 1\.0\r\n/);
  assert.ok(text.endsWith("\r\n\r\nOne\r\nTwo"));
  assert.ok(!text.includes("hidden@example.com"));
  assert.deepEqual(message.envelope(), {
    from: "shop@example.com",
    to: ["ada@example.com", "lovelace@example.com", "cc@example.com", "hidden@example.com"],
  });
  assert.equal(await mimeOf(message), text, "it is the same message however often it is written");
});

test("a header that is given stands in place of the message's own", async () => {
  const headers = {
    From: '"Jörg, B." <list@example.com>',
    sender: "ö <o@example.com>, p@example.com",
    "message-id": "<1@example.com>",
  };
  const text = await mimeOf(new EmailMessage({ subject: "s", from: "me@example.com", to: "you@example.com", headers }));
  assert.match(text, /\r\nFrom: =\?utf-8\?B\?[\w=]+\?= <list@example\.com>\r\n/);
  assert.match(text, /\r\nsender: =\?utf-8\?B\?w7Y=\?= <o@example\.com>, p@example\.com\r\n/);
  assert.match(text, /\r\nMessage-ID: <1@example\.com>\r\n/);
  assert.ok(!text.includes("me@example.com"));
});

test("letters beyond ASCII are encoded, in headers, names, domains and text", async () => {
  const subject = "Kaffee für Zwölf und noch viel mehr, damit die Zeile lang genug wird: ☕☕☕☕☕☕☕☕☕☕☕☕";
  const message = new EmailMessage({
    subject,
    body: "Grüße = ☕ \nEnde",
    from: "Jörg <joerg@bücher.example>",
    to: "ad@例え.テスト",
  });
  const text = await mimeOf(message);
  assert.equal(Buffer.from(text, "ascii").toString("latin1"), text);
  assert.ok(text.split("\r\n").every((line) => line.length <= 78));
  const header = /^Subject: ([^]*?)\r\n(?! )/.exec(text)![1]!;
  const words = [...header.matchAll(/=\?utf-8\?B\?([^?]*)\?=/g)].map(([, word]) => Buffer.from(word!, "base64").toString());
  assert.equal(words.join(""), subject);
  assert.match(text, /From: =\?utf-8\?B\?SsO2cmc=\?= <joerg@xn--bcher-kva\.example>/);
  assert.match(text, /Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe =3D =E2=98=95=20\r\nEnde$/);
  assert.deepEqual(message.envelope(), { from: "joerg@xn--bcher-kva.example", to: ["ad@xn--r8jz45g.xn--zckzah"] });
});

test("text and HTML are alternatives, images of the HTML are related to it, attachments stand beside", async () => {
  const path = join(folder, "report.pdf");
  await writeFile(path, "%PDF");
  const message = new EmailMessage({
    subject: "All",
    body: "plain",
    html: '<p>rich <img src="cid:logo"></p>',
    from: "a@example.com",
    to: "b@example.com",
    attachments: [
      { name: "ümlaut.txt", content: "text" },
      { cid: "logo", name: "logo.png", content: Buffer.from([1, 2, 3]) },
      { name: "stream.csv", content: Readable.from([Buffer.from("a,"), Buffer.from("b")]) },
    ],
  });
  message.attachFile(path);
  message.attach({ content: { name: "folder/stored.json", bytes: async () => Buffer.from("{}") } });
  const text = await mimeOf(message);
  const kinds = [...text.matchAll(/Content-Type: ([\w./+-]+)/g)].map(([, kind]) => kind);
  assert.deepEqual(kinds, [
    "multipart/mixed",
    "multipart/alternative",
    "text/plain",
    "multipart/related",
    "text/html",
    "image/png",
    "text/plain",
    "text/csv",
    "application/pdf",
    "application/json",
  ]);
  assert.match(text, /Content-Disposition: inline;\r\n filename="logo\.png"\r\nContent-ID: <logo>\r\n\r\nAQID\r\n/);
  assert.match(text, /filename\*=utf-8''%C3%BCmlaut\.txt/);
  assert.match(text, /filename="stored\.json"/);
  assert.match(text, new RegExp(Buffer.from("a,b").toString("base64")));
  assert.equal(message.html, '<p>rich <img src="cid:logo"></p>');
  const [first] = await message.readAttachments();
  assert.equal(first!.content.toString(), "text");
});

test("a message can be attached to a message", async () => {
  const inner = new EmailMessage({ subject: "Inner", body: "ü", from: "a@example.com", to: "b@example.com" });
  const outer = new EmailMessage({
    subject: "Outer",
    from: "a@example.com",
    to: "b@example.com",
    attachments: [{ content: inner }],
  });
  const text = await mimeOf(outer);
  assert.match(text, /Content-Type: message\/rfc822\r\nContent-Transfer-Encoding: 7bit\r\n/);
  assert.match(text, /\r\n\r\nSubject: Inner\r\n/);
});

test("an attachment without content, with two, or with a file that is not there is refused", async () => {
  const refused = (problem: RegExp) => ({
    code: "MAIL_BAD_ATTACHMENT",
    message: problem,
    hint: "Give an attachment `content` or the `path` of a file that can be read.",
  });
  const mail = { subject: "s", from: "a@example.com", to: "b@example.com" };
  await assert.rejects(
    sendMail({ ...mail, attachments: [{ name: "a.txt" }] }),
    refused(/^The attachment "a\.txt" cannot be sent: it has no content\.$/),
  );
  await assert.rejects(
    sendMail({ ...mail, attachments: [{ name: "a.txt", content: "x", path: "y" }] }),
    refused(/it has both content and a path/),
  );
  await assert.rejects(sendMail({ ...mail, attachments: [{ path: join(folder, "none.txt") }] }), refused(/"none\.txt".*ENOENT/));
});

test("a line break in a header is refused, silently or not", async () => {
  const mail = { subject: "s", body: "b", to: "b@example.com" };
  const refused = (name: string) => ({
    code: "MAIL_BAD_HEADER",
    message: `The header ${JSON.stringify(name)} of a message holds a line break or another control character.`,
    hint: "Take line breaks out of what people wrote before it goes into a header.",
  });
  const failSilently = true;
  await assert.rejects(sendMail({ ...mail, subject: "a\r\nBcc: all@example.com", failSilently }), refused("Subject"));
  await assert.rejects(sendMail({ ...mail, subject: "a\nb" }), refused("Subject"));
  await assert.rejects(sendMail({ ...mail, to: "b@example.com\nBcc: c@example.com" }), refused("to"));
  await assert.rejects(sendMail({ ...mail, from: "Ada\r\n <b@example.com>" }), refused("from"));
  await assert.rejects(sendMail({ ...mail, replyTo: "b@example.com\r" }), refused("replyTo"));
  await assert.rejects(sendMail({ ...mail, headers: { "X-A": "b\r\nX-C: d" } }), refused("X-A"));
  await assert.rejects(sendMail({ ...mail, attachments: [{ name: "a\r\nb.txt", content: "x" }] }), refused("name"));
  const wrong = [{ name: "a", content: "x", type: "text/plain\r\nX: y" }, { name: "a", content: "x", cid: "a>\r\nX: y" }]; // prettier-ignore
  for (const attachment of wrong)
    await assert.rejects(sendMail({ ...mail, attachments: [attachment] }), { code: "MAIL_BAD_HEADER" });
  await assert.rejects(sendMail({ ...mail, alternatives: [{ content: "x", type: "text/x\nX: y" }] }), {
    code: "MAIL_BAD_HEADER",
  });
  await assert.rejects(sendMail({ ...mail, headers: { From: "a@example.com\r\nBcc: b@example.com" } }), {
    code: "MAIL_BAD_HEADER",
  });
  await assert.rejects(sendMail({ ...mail, headers: { "X A\r\nB": "c" } }), { code: "MAIL_BAD_HEADER" });
  for (const name of ["Bcc", "Content-Type", "MIME-Version"]) {
    const message = `The header "${name}" of a message cannot be set by hand.`;
    await assert.rejects(sendMail({ ...mail, headers: { [name]: "x" } }), { code: "MAIL_BAD_HEADER", message });
  }
  assert.equal(outbox().length, 0);
});

test("what is no address is refused", async () => {
  const hint = 'Write one address a text: "ada@example.com" or "Ada <ada@example.com>"; several as an array.';
  const given = [
    "ada",
    "a@b@",
    "@example.com",
    "a@example.com, b@example.com",
    "a b@example.com",
    "<>",
    "a@exa mple.com",
    "a@-",
    "a@b..c",
  ];
  for (const address of given) {
    const message = `${JSON.stringify(address)} in \`to\` is not an e-mail address.`;
    await assert.rejects(sendMail({ subject: "s", to: address }), { code: "MAIL_BAD_ADDRESS", message, hint });
  }
  for (const address of [
    "root@localhost",
    "a+b@example.co.kr",
    "é@example.com",
    "x@[127.0.0.1]",
    "Ada <ada@example.com>",
    "<a@b.example>",
  ])
    assert.ok(parseMailAddress(address, "to").address.includes("@"), address);
  for (const long of [`${" ".repeat(500_000)}<`, `${"a ".repeat(500_000)}x@example.com`])
    assert.throws(() => parseMailAddress(long, "to"), { code: "MAIL_BAD_ADDRESS" });
  assert.deepEqual(parseMailAddress('"A \\"B\\" C" <a@b.example>', "to"), { name: 'A "B" C', address: "a@b.example" });
});

test("a message needs a sender", async () => {
  useMailers({ default: new MemoryMailer() });
  await assert.rejects(sendMail({ subject: "Hi", to: "a@example.com" }), {
    code: "MAIL_NO_SENDER",
    message: 'The message "Hi" names no sender.',
    hint: 'Give it one (from: "shop@example.com"), or all of them: the setting mailFrom.',
  });
});

test("a mailer is chosen by its alias", async () => {
  const taken: string[] = [];
  const own: MailBackend = { deliver: async ({ envelope }) => void taken.push(...envelope.to) };
  useMailers({ default: new MemoryMailer(), news: own }, { from: "a@example.com" });
  await sendMail({ subject: "s", to: "b@example.com", using: "news" });
  assert.deepEqual(taken, ["b@example.com"]);
  assert.equal(outbox().length, 0);
  await assert.rejects(sendMail({ subject: "s", to: "b@example.com", using: "new", failSilently: true }), {
    code: "MAIL_UNKNOWN_MAILER",
    message: 'There is no mailer "new". Open: default, news.',
    hint: 'Did you mean "news"?',
  });
  useMailers({});
  assert.throws(() => mailer(), {
    message: 'There is no mailer "default". Open: none.',
    hint: 'Name it in the project\'s settings: mailers: { default: "smtp://user:password@mail.example.com:587" }.',
  });
});

test("several messages stop at the first that is not taken, or go on silently", async () => {
  const taken: string[] = [];
  const picky: MailBackend = {
    async deliver({ envelope }) {
      if (envelope.to[0] === "no@example.com") throw new Error("refused");
      taken.push(envelope.to[0]!);
    },
  };
  useMailers({ default: picky }, { from: "a@example.com" });
  const messages = ["one@example.com", "no@example.com", "two@example.com"].map((to) => ({ subject: "s", to }));
  await assert.rejects(sendMassMail(messages), /refused/);
  assert.deepEqual(taken, ["one@example.com"]);
  assert.equal(await sendMassMail(messages, { failSilently: true }), 2);
  assert.equal(await sendMail({ ...messages[1]!, failSilently: true }), 0);
});

test("admins and managers are written to with the prefix and the server's sender", async () => {
  const people = { admins: ["Ada <ada@example.com>"], managers: ["bo@example.com", "cy@example.com"] };
  useMailers(
    { default: new MemoryMailer() },
    { from: "a@example.com", serverFrom: "root@example.com", subjectPrefix: "[Shop] ", ...people },
  );
  await mailAdmins("Down", "It is down.", { html: "<b>down</b>" });
  await mailManagers("Link", "A link is broken.");
  const [first, second] = outbox();
  assert.equal(first!.subject, "[Shop] Down");
  assert.equal(first!.html, "<b>down</b>");
  assert.equal(first!.from, "root@example.com");
  assert.deepEqual(first!.to, ["Ada <ada@example.com>"]);
  assert.deepEqual(second!.to, people.managers);
  useMailers({ default: new MemoryMailer() }, { from: "a@example.com" });
  assert.equal(await mailAdmins("Nobody", "listens"), 0);
});

test("the text that a message shows is looked for in every form", () => {
  const message = new EmailMessage({ body: "your code is 12", html: "<p>your code is <b>12</b></p>" });
  assert.equal(message.bodyContains("your code is"), true);
  assert.equal(message.bodyContains("your code is 12"), false);
  message.attachAlternative("your code is", "text/calendar");
  assert.equal(message.alternatives.length, 2);
});

test("a console mailer prints, a file mailer writes files, a dummy forgets", async () => {
  let printed = "";
  const files = join(folder, "outgoing");
  const mailers = {
    default: new ConsoleMailer((text) => void (printed += text)),
    file: new FileMailer(files),
    dummy: new DummyMailer(),
  };
  useMailers(mailers, { from: "a@example.com" });
  await sendMail({ subject: "Seen", body: "here", to: "b@example.com" });
  assert.match(printed, /^Subject: Seen\n[^]*\n\nhere\n-{79}\n$/);
  await Promise.all([1, 2].map((i) => sendMail({ subject: `Kept ${i}`, to: "b@example.com", using: "file" })));
  const names = await readdir(files);
  assert.equal(names.length, 2);
  assert.match(await readFile(join(files, names[0]!), "utf8"), /^Subject: Kept \d\r\n/);
  assert.equal(await sendMail({ subject: "Gone", to: "b@example.com", using: "dummy" }), 1);
});

test("a mailer is opened by its address", () => {
  assert.ok(openMailer("console:", folder) instanceof ConsoleMailer);
  assert.ok(openMailer("memory:", folder) instanceof MemoryMailer);
  assert.ok(openMailer("dummy:", folder) instanceof DummyMailer);
  assert.equal((openMailer("file:var/mail", "/srv") as FileMailer).directory, "/srv/var/mail");
  const known = "console:, memory:, dummy:, file:, smtp:, smtps:";
  assert.throws(() => openMailer("pigeon:", folder), {
    code: "MAIL_BAD_MAILER",
    message: `The mailer "pigeon:" cannot be opened: nothing sends there. Its address can begin with: ${known}.`,
    hint: 'For example: "smtp://user:password@mail.example.com:587?tls=required", or "console:".',
  });
  assert.throws(() => openMailer("smtp:///", folder), /it names no host/);
  assert.throws(
    () => openMailer("smtp://u:geheim@h?tsl=on", folder),
    /"smtp:\/\/u:…@h\?tsl=on".*the parameter "tsl", and can have tls, timeout/,
  );
  assert.throws(() => openMailer("smtp://h?tls=maybe", folder), /`tls` is "maybe", and must be required or offered or off/);
  assert.throws(() => openMailer("smtp://h?timeout=soon", folder), /`timeout` is "soon", and must be a number above 0/);
  assert.throws(() => openMailer("smtps://h?ca=none.pem", folder), /none\.pem cannot be read \(ENOENT\)/);
});

test("who follows messages sees each with its recipients, and the last ones are kept", async () => {
  const seen: string[] = [];
  const stop = onMessage(
    ({ message, using, envelope }) => void seen.push(`${using}: ${String(message.subject)} → ${envelope.to.join()}`),
  );
  const kept = keepSentMail(2);
  for (const subject of ["one", "two", "three"]) await sendMail({ subject, to: "b@example.com" });
  stop();
  assert.deepEqual(seen, ["default: one → b@example.com", "default: two → b@example.com", "default: three → b@example.com"]);
  assert.deepEqual(
    kept.messages.map(({ message }) => message.subject),
    ["three", "two"],
  );
  assert.equal(kept.messages[0]!.id, kept.messages[1]!.id + 1);
  kept.stop();
  await sendMail({ subject: "four", to: "b@example.com" });
  assert.equal(seen.length, 3);
  assert.equal(kept.messages.length, 2);
});

test("settings about mail are checked", async () => {
  const settings = { apps: [], secretKey: "x", debug: false, mode: "production", root: folder } as const;
  const found = await mailChecks({
    ...settings,
    mailers: { news: "pigeon:" },
    mailFrom: "shop",
    admins: ["ada@example.com"],
    managers: ["bo@"],
  } as never);
  assert.deepEqual(
    found.map(({ level, code, object }) => `${level} ${code} ${object}`),
    [
      "error MAIL_BAD_MAILER mailers.news",
      "error MAIL_BAD_ADDRESS mailFrom",
      "error MAIL_BAD_ADDRESS managers",
      "warning MAIL_CHECK_NO_MAILER mailers",
    ],
  );
  assert.equal(found[3]!.message, "The setting admins names people to tell of errors, and no mailer is the default.");
  assert.equal(found[3]!.hint, 'Set mailers: { default: env("MAIL_URL") }.');
  assert.deepEqual(await mailChecks(settings as never), []);
});
