import { HttpError, type HttpRequest, HttpResponse, include, path, type UrlPattern } from "#http";
import { CortadoError } from "#kernel";
import type { SentMail } from "#mail";
import { render } from "../render.ts";
import { ValueText } from "./describe-value.ts";
import type { LiveReload } from "./live-reload.ts";
import { reportSettings } from "./request-report.ts";

/** The messages that development sent, the newest first. */
interface KeptMail {
  readonly messages: readonly SentMail[];
}

/** The developer's own addresses, under `/cortado/`: an overview, the mail that was sent, the events of live reload. */
export function developerUrls({ reload, mail }: { reload: LiveReload; mail: KeptMail }): UrlPattern[] {
  const found = (id: number): SentMail => mail.messages.find((sent) => sent.id === id) ?? gone();
  const pages = [
    path("", overview, { name: "overview" }),
    path("reload/", reload.events, { name: "reload" }),
    path("mail/", (request: HttpRequest) => show(request, "mail", { messages_sent: mail.messages.map(lineOf) }), { name: "mail" }),
    path("mail/<int:id>/", (request: HttpRequest, { id }: { id: number }) => showMessage(request, found(id)), { name: "message" }),
    path("mail/<int:id>/html/", (_request: HttpRequest, { id }: { id: number }) => showHtml(found(id)), { name: "message-html" }),
    path("mail/<int:id>/source/", (_request: HttpRequest, { id }: { id: number }) => showSource(found(id)), { name: "message-source" }),
    path("mail/<int:id>/<int:at>/", (_request: HttpRequest, { id, at }: { id: number; at: number }) => download(found(id), at), { name: "attachment" }),
  ]; // prettier-ignore
  return [path("cortado/", include(pages, { namespace: "developer" }))];
}

/** A page whose links begin where these addresses do. */
function show(request: HttpRequest, page: string, context: Record<string, unknown>): Promise<HttpResponse> {
  const tools = request.services.resolver.reverse("developer:overview");
  return render(request, `cortado/developer/${page}.html`, { tools, ...context });
}

function gone(): never {
  throw new HttpError(404, "There is no such message. Messages are forgotten when the server starts anew.");
}

function overview(request: HttpRequest): Promise<HttpResponse> {
  const { settings, resolver } = request.services;
  const texts = new ValueText(settings.sensitiveNames);
  return show(request, "overview", {
    root: settings.root,
    routes: resolver.routes().filter(({ route }) => !route.startsWith("/cortado/")),
    settings: reportSettings(settings, texts),
  });
}

/** A message in the list. */
function lineOf({ id, at, message, envelope, using }: SentMail) {
  return { id, at, using, subject: String(message.subject) || "(no subject)", to: envelope.to.join(", ") };
}

async function showMessage(request: HttpRequest, sent: SentMail): Promise<HttpResponse> {
  const { message, raw } = sent;
  const head = raw.toString("utf8").split(/\r?\n\r?\n/, 1)[0] ?? "";
  const attachments = await attachmentsOf(sent);
  return show(request, "message", {
    ...lineOf(sent),
    refused: sent.refused ?? [],
    headers: head,
    text: String(message.body),
    html: message.html,
    attachments: attachments.map(({ name, type, content }, at) => ({ at, name, type, size: content.length })),
  });
}

/** Unreadable attachments are the message's own failure, which its sender was told. */
async function attachmentsOf({ message }: SentMail) {
  try {
    return await message.readAttachments();
  } catch (error) {
    if (error instanceof CortadoError) return [];
    throw error;
  }
}

/** The HTML in a frame of its own that runs nothing; pictures that the message carries are shown. */
async function showHtml(sent: SentMail): Promise<HttpResponse> {
  const attachments = await attachmentsOf(sent);
  let html = sent.message.html ?? "";
  for (const [at, { cid }] of attachments.entries()) if (cid) html = html.replaceAll(`cid:${cid}`, `../${at}/`);
  return new HttpResponse(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src * data:; style-src 'unsafe-inline' *; font-src *",
      "x-frame-options": "SAMEORIGIN",
    },
  }); // prettier-ignore
}

function showSource({ raw }: SentMail): HttpResponse {
  return new HttpResponse(raw, { headers: { "content-type": "text/plain; charset=utf-8" } });
}

async function download(sent: SentMail, at: number): Promise<HttpResponse> {
  const attachment = (await attachmentsOf(sent))[at] ?? gone();
  const name = encodeURIComponent(attachment.name ?? `attachment-${at}`);
  const shown = /^image\/(png|jpeg|gif|webp|avif)$/.test(attachment.type);
  return new HttpResponse(attachment.content, {
    headers: {
      "content-type": shown ? attachment.type : "application/octet-stream",
      "content-disposition": `${shown ? "inline" : "attachment"}; filename*=UTF-8''${name}`,
      "content-security-policy": "sandbox; default-src 'none'",
    },
  });
}
