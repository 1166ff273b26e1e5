import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { after, test, type TestContext } from "node:test";
import {
  EmailMessage,
  type MailBackend,
  onMessage,
  openMailer,
  sendMail,
  sendMassMail,
  type SentMail,
  useMailers,
} from "cortado/mail";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

// A key that is only good for these tests.
const tls = join(import.meta.dirname, "tls");
const certificate = { key: readFileSync(join(tls, "key.pem")), cert: readFileSync(join(tls, "certificate.pem")) };

interface Received {
  from: string;
  to: string[];
  text: string;
  user: unknown;
  secure: boolean;
}

interface Running {
  port: number;
  received: Received[];
  connections(): number;
  server: SMTPServer;
}

after(() => useMailers({}));

async function start(t: TestContext, options: SMTPServerOptions = {}): Promise<Running> {
  const received: Received[] = [];
  let connections = 0;
  const server = new SMTPServer({
    authOptional: true,
    closeTimeout: 20,
    ...certificate,
    onConnect: (_session, done) => {
      connections++;
      done();
    },
    onData(stream, session, done) {
      void stream.toArray().then((chunks: Buffer[]) => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString(),
          user: session.user,
          secure: session.secure,
        });
        done();
      });
    },
    ...options,
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  t.after(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, received, connections: () => connections, server };
}

function use(t: TestContext, url: string): MailBackend {
  const mailer = openMailer(url, tls);
  useMailers({ default: mailer }, { from: "Shop <shop@example.com>" });
  t.after(() => mailer.close?.());
  return mailer;
}

const ca = "ca=certificate.pem";
const hello = { subject: "Hello", body: "Grüße\n.\n.. dots", to: "ada@example.com" };

test("a message reaches a mail server over TLS, as it is", async (t) => {
  const { port, received } = await start(t);
  use(t, `smtp://localhost:${port}?tls=required&${ca}`);
  const message = new EmailMessage({
    ...hello,
    bcc: "hidden@example.com",
    attachments: [{ name: "a.bin", content: Buffer.alloc(5000, 255) }],
  });
  assert.equal(await message.send(), 1);
  const [mail] = received;
  assert.deepEqual(
    { ...mail, text: "" },
    { from: "shop@example.com", to: ["ada@example.com", "hidden@example.com"], text: "", user: false, secure: true },
  );
  assert.equal(mail!.text.trimEnd(), (await message.mime()).toString().trimEnd());
  assert.ok(!mail!.text.includes("hidden@example.com"));
});

test("smtps speaks TLS from the first byte, and an unknown certificate is refused", async (t) => {
  const { port, received } = await start(t, { secure: true });
  use(t, `smtps://localhost:${port}?${ca}`);
  await sendMail(hello);
  assert.equal(received[0]!.secure, true);
  use(t, `smtps://localhost:${port}`);
  await assert.rejects(sendMail(hello), {
    code: "MAIL_NOT_SENT",
    message: /^The mail server localhost:\d+ did not take the message: .*self.signed certificate.*\.$/,
  });
});

test("a server without TLS is refused where TLS is required, as it is with a password for another machine", async (t) => {
  const { port, received } = await start(t, { disabledCommands: ["STARTTLS"] });
  use(t, `smtp://localhost:${port}?tls=required`);
  await assert.rejects(sendMail(hello), {
    code: "MAIL_NOT_SENT",
    message: /no TLS could be agreed on/,
    hint: "Use a server with TLS, or say ?tls=offered in the mailer's address.",
  });
  assert.equal(received.length, 0);
  use(t, `smtp://localhost:${port}`);
  assert.equal(await sendMail(hello), 1);
  assert.equal(received[0]!.secure, false);
});

test("a log-in is made, and a wrong password is said without being shown", async (t) => {
  const { port, received } = await start(t, {
    authOptional: false,
    onAuth: ({ username, password }, _session, done) =>
      password === "p@ss/word" ? done(null, { user: username }) : done(new Error("Invalid username or password")),
  });
  use(t, `smtp://shop%40example.com:p%40ss%2Fword@localhost:${port}?tls=required&${ca}`);
  await sendMail(hello);
  assert.equal(received[0]!.user, "shop@example.com");
  use(t, `smtp://shop:secret@localhost:${port}?tls=required&${ca}`);
  await assert.rejects(sendMail(hello), (error: Error & { code: string; hint: string }) => {
    assert.equal(error.code, "MAIL_NOT_SENT");
    assert.match(error.message, /it refused the log-in; it said "535 /);
    assert.equal(error.hint, "Check user and password in the mailer's address.");
    assert.ok(!JSON.stringify(error).includes("secret") && !error.message.includes("secret"));
    return true;
  });
});

test("letters of every script are delivered, in names, mailboxes and domains", async (t) => {
  const { port, received } = await start(t);
  use(t, `smtp://localhost:${port}?tls=off`);
  assert.equal(await sendMail({ ...hello, to: ["한글 <사용자@예시.example>", "jörg@bücher.example"] }), 1);
  // The server gives domains back in their own letters.
  assert.deepEqual(
    received[0]!.to.map((address) => address.split("@")[0]),
    ["사용자", "jörg"],
  );
  assert.match(received[0]!.text, /jörg@xn--bcher-kva\.example/);
});

test("one connection carries several messages", async (t) => {
  const { port, received, connections } = await start(t);
  use(t, `smtp://localhost:${port}?tls=off`);
  assert.equal(await sendMassMail(Array.from({ length: 5 }, (_, i) => ({ ...hello, subject: `Message ${i}` }))), 5);
  await sendMail(hello);
  assert.equal(received.length, 6);
  assert.equal(connections(), 1);
});

test("recipients that a server refuses are named where it takes the message for others", async (t) => {
  const { port, received } = await start(t, {
    onRcptTo: ({ address }, _session, done) => (address.startsWith("no") ? done(new Error("no such mailbox")) : done()),
  });
  use(t, `smtp://localhost:${port}?tls=off`);
  const sent: SentMail[] = [];
  t.after(onMessage((one) => void sent.push(one)));
  assert.equal(await sendMail({ ...hello, to: ["ada@example.com", "nobody@example.com"] }), 1);
  assert.deepEqual(received[0]!.to, ["ada@example.com"]);
  assert.deepEqual(sent[0]!.refused, ["nobody@example.com"]);
  await assert.rejects(sendMail({ ...hello, to: "nobody@example.com" }), {
    message: /it refused the sender or every recipient; it said "550 no such mailbox"/,
    hint: "Check the addresses, and whether the server sends for this sender.",
  });
  assert.equal(await sendMail({ ...hello, to: "nobody@example.com", failSilently: true }), 0);
});

test("a message that the server refuses is said with its words", async (t) => {
  const { port } = await start(t, {
    onData(stream, _session, done) {
      stream.resume().once("end", () => done(Object.assign(new Error("that is spam"), { responseCode: 554 })));
    },
  });
  use(t, `smtp://localhost:${port}?tls=off`);
  await assert.rejects(sendMail(hello), {
    message: `The mail server localhost:${port} did not take the message: it said "554 that is spam".`,
    hint: "Read what the server said of the message.",
  });
});

test("a server that is not there, or hangs, is said after a while", async (t) => {
  const silent = createServer();
  const sockets = new Set<Socket>();
  silent.on("connection", (socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => void silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as AddressInfo;
  use(t, `smtp://127.0.0.1:${port}?timeout=0.2`);
  const hint = "Check host and port in the mailer's address, and whether the server runs.";
  await assert.rejects(sendMail(hello), {
    code: "MAIL_NOT_SENT",
    message: /127\.0\.0\.1:\d+ did not take the message: .*[Gg]reeting/,
    hint,
  });
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
  await assert.rejects(sendMail(hello), { code: "MAIL_NOT_SENT", message: /ECONNREFUSED/, hint });
});

test("a connection that breaks in the middle of a message is an error, and the next message goes over another", async (t) => {
  const sockets = new Set<Socket>();
  let breaks = true;
  const { port, server, received } = await start(t, {
    onData(stream, _session, done) {
      if (breaks) return sockets.forEach((socket) => void socket.destroy());
      stream.resume().once("end", done);
    },
  });
  server.server.on("connection", (socket: Socket) => void sockets.add(socket));
  use(t, `smtp://localhost:${port}?tls=off`);
  const big = { ...hello, attachments: [{ name: "big.bin", content: Buffer.alloc(1_000_000) }] };
  await assert.rejects(sendMail(big), { code: "MAIL_NOT_SENT" });
  assert.equal(received.length, 0);
  breaks = false;
  assert.equal(await sendMail(big), 1);
});
