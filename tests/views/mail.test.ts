import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { csrfExempt, type HttpRequest, type Middleware, path } from "cortado/http";
import { currentLanguage } from "cortado/i18n";
import { clearOutbox, MemoryMailer, outbox, useMailers } from "cortado/mail";
import { Engine } from "cortado/templates";
import { mailErrors, renderMail } from "cortado/views";
import { openSite } from "./open-site.ts";

type Settings = HttpRequest["services"]["settings"];

const admins = ["Ada <ada@example.com>"];
let seen: Settings | undefined;
/** Notes the settings of the server that answers. */
const noting: Middleware = (request, next) => {
  seen = request.services.settings;
  return next();
};
/** The settings that a server's requests carry. */
async function settingsOf(site: Awaited<ReturnType<typeof openSite>>): Promise<Settings> {
  await site.inject({ url: "/none/", headers: { host: "localhost" } });
  return seen!;
}
beforeEach(() => {
  clearOutbox();
  useMailers({ default: new MemoryMailer() }, { from: "shop@example.com", admins });
});

const engine = new Engine({
  templates: {
    "welcome.subject.txt": "Welcome,\n{{ name }}\n",
    "welcome.txt": "Dear {{ name }},\nit's done.\n",
    "welcome.html": "<p>Dear {{ name }}</p>",
    "short.txt": "{{ language }}",
    "page.html": "<p>only</p>",
  },
});

test("a message is made of templates: text is not escaped, HTML is", async () => {
  const message = await renderMail("welcome", { name: "Ada & <Bo>" }, { to: "ada@example.com", using: engine });
  assert.equal(message.subject, "Welcome, Ada & <Bo>");
  assert.equal(message.body, "Dear Ada & <Bo>,\nit's done.");
  assert.equal(message.html, "<p>Dear Ada &amp; &lt;Bo&gt;</p>");
  assert.equal(await message.send(), 1);
  assert.equal(outbox().length, 1);
});

test("one form of a message is enough, a subject that is given counts, and the language is the recipient's", async () => {
  const context = {
    get language() {
      return currentLanguage();
    },
  };
  const short = await renderMail("short", context, { subject: "Given", language: "ko", using: engine });
  assert.deepEqual([short.subject, short.body, short.html], ["Given", "ko", undefined]);
  const page = await renderMail("page", {}, { using: engine });
  assert.deepEqual([page.subject, page.body, page.html], ["", "", "<p>only</p>"]);
  await assert.rejects(renderMail("none", {}, { using: engine }), { name: "TemplateDoesNotExist", message: /none\.txt/ });
});

test("without a project there is no engine to render a message", async () => {
  await assert.rejects(renderMail("welcome"), {
    code: "VIEWS_NO_MAIL_TEMPLATES",
    message: 'The message "welcome" cannot be rendered: no project is open.',
    hint: "Open the project first, or give an engine: renderMail(name, context, { using: engine }).",
  });
});

test("admins are told of an error with what is secret hidden, and once while it comes again and again", async (t) => {
  const failing = csrfExempt(async (request: HttpRequest) => {
    await request.form();
    throw new Error("the roaster\r\nBcc: all@example.com is on fire");
  });
  const site = await openSite(t, [path("roast/", failing), path("fine/", () => "fine"), path("other/", () => other())], {
    settings: { admins },
    middleware: [noting],
  });
  const other = (): string => {
    throw new TypeError("another");
  };
  const stop = mailErrors(await settingsOf(site), { pause: 60, perHour: 2 });
  t.after(stop);
  const payload = "password=hunter2&cup=small";
  const headers = { "content-type": "application/x-www-form-urlencoded", cookie: "sessionid=abcdef", host: "localhost" };
  for (let i = 0; i < 3; i++)
    assert.equal((await site.inject({ method: "POST", url: "/roast/?q=1", headers, payload })).statusCode, 500);
  await site.inject({ url: "/fine/", headers: { host: "localhost" } });
  await site.inject({ url: "/none/", headers: { host: "localhost" } });
  await site.inject({ url: "/other/", headers: { host: "localhost" } });
  await stop();
  assert.equal(outbox().length, 2);
  const [first, second] = outbox();
  assert.equal(first!.subject, "[Cortado] Error at /roast/: Error: the roaster Bcc: all@example.com is on fire");
  assert.deepEqual(first!.to, admins);
  const text = String(first!.body);
  assert.match(text, /POST .*\/roast\/\?q=1/);
  assert.match(text, /cup: .*small/);
  assert.match(text, /mail\.test\.ts/);
  assert.ok(!text.includes("hunter2") && !text.includes("abcdef"), text);
  assert.match(String(second!.subject), /TypeError: another/);
  assert.match(String(second!.body), /2 further errors were not reported/);
});

test("nobody is told in debug, of other projects' errors, or where there are no admins", async (t) => {
  const failing = () => {
    throw new Error("no");
  };
  const site = await openSite(t, [path("", failing)], { settings: { admins }, middleware: [noting] });
  const settings = await settingsOf(site);
  const stops = [mailErrors({ ...settings, debug: true }), mailErrors({ ...settings }), mailErrors({ ...settings, admins: [] })];
  await site.inject({ url: "/", headers: { host: "localhost" } });
  for (const stop of stops) await stop();
  assert.equal(outbox().length, 0);
});

test("a mailer that fails does not make the error worse", async (t) => {
  useMailers({ default: { deliver: () => Promise.reject(new Error("no line")) } }, { from: "shop@example.com", admins });
  const site = await openSite(t, [path("", () => Promise.reject(new Error("no")))], {
    settings: { admins },
    middleware: [noting],
  });
  const settings = await settingsOf(site);
  const stop = mailErrors(settings);
  assert.equal((await site.inject({ url: "/", headers: { host: "localhost" } })).statusCode, 500);
  await stop();
});
