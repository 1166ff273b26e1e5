import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Services } from "#kernel";
import type { Signer } from "#kernel/signing";
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from "fastify";
import { preferredType, qualityOf } from "./accept.ts";
import { readBody } from "./body.ts";
import { parseCookies } from "./cookies.ts";
import { csrfCookieName, csrfSessionName, isCsrfSecret, maskCsrfSecret, newCsrfSecret } from "./csrf.ts";
import { newNonce } from "./csp.ts";
import { httpErrors } from "./errors.ts";
import { emptyForm, type FormBody, parseUrlencoded } from "./uploads/form-body.ts";
import { MultipartReader } from "./uploads/multipart-reader.ts";
import { HttpError } from "./http-error.ts";
import { Messages } from "./messages/messages.ts";
import { MultiDict } from "./multi-dict.ts";
import { parseJson } from "./parse-json.ts";
import { requireUnpacked, requireUtf8 } from "./readable-text.ts";
import type { UrlPattern } from "./urls/path.ts";
import type { ResolverMatch } from "./urls/resolver-match.ts";
import { resolverOf } from "./urls/reverse.ts";
import { Session } from "./sessions/session.ts";
import type { SessionStore } from "./sessions/session-store.ts";
import type { HttpSettings } from "./settings.ts";
import { cookieSigner } from "./signed-cookies.ts";

/** Run before the view, after the session was loaded: sets what a request carries. */
export type PrepareRequest = (request: HttpRequest) => void | Promise<void>;

/** What every request of a server shares. */
export interface RequestContext {
  services: Services;
  settings: HttpSettings;
  sessionStore: SessionStore;
  sessionSigner: Signer;
  messageSigner: Signer;
  /** Aborted when the server begins to close. */
  closing: AbortSignal;
}

export const messagesCookieName = "messages";
const noCookies: ReadonlyMap<string, string> = new Map();

/**
 * A request, as views see it. What costs something is made when it is first asked for.
 *
 * ```ts
 * export async function search(request: HttpRequest) {
 *   const query = request.query.get("q") ?? "";
 *   return json({ query, host: request.host });
 * }
 * ```
 */
export class HttpRequest {
  readonly method: string;
  /** Decoded, without the query; empty where the request's target is no path. */
  readonly path: string;
  /** The request as Fastify has it, for plugins that decorate it. */
  readonly fastify: FastifyRequest;
  /** What the path leads to; undefined where no pattern matches. */
  resolved: ResolverMatch | undefined;
  /** The namespace that an application's name means in this page's addresses; that of its own address where it is left out. */
  currentApp: string | undefined;

  readonly #context: RequestContext;
  readonly #reply: FastifyReply;
  #query: MultiDict | undefined;
  #cookies: ReadonlyMap<string, string> | undefined;
  #session: Session | undefined;
  #messages: Messages | undefined;
  #csrfSecret: string | undefined;
  #csrfToken: string | undefined;
  #body: Promise<Buffer> | undefined;
  #log: FastifyBaseLogger | undefined;
  #form: Promise<FormBody> | undefined;
  #signal: AbortSignal | undefined;
  #urlconf: readonly UrlPattern[] | undefined;
  #cspNonce: string | undefined;

  constructor(fastify: FastifyRequest, reply: FastifyReply, context: RequestContext) {
    this.path = decodePath(fastify.raw.url!);
    this.method = fastify.raw.method!;
    this.fastify = fastify;
    this.#reply = reply;
    this.#context = context;
  }

  /** Node's own request. */
  get raw(): IncomingMessage {
    return this.fastify.raw;
  }

  /** Names the request in the log. */
  get id(): string {
    return this.fastify.id;
  }

  /** By lower-case name: `request.headers["user-agent"]`. */
  get headers(): IncomingHttpHeaders {
    return this.fastify.raw.headers;
  }

  get services(): Services {
    return this.#context.services;
  }

  /** Logs with the request's id. */
  get log(): FastifyBaseLogger {
    return (this.#log ??= this.fastify.log.child({ reqId: this.fastify.id }));
  }

  /** The client's address; that which a trusted proxy names where `trustProxy` is set. */
  get ip(): string {
    return this.fastify.ip;
  }

  get scheme(): "http" | "https" {
    return this.fastify.protocol as "http" | "https";
  }

  get isSecure(): boolean {
    return this.fastify.protocol === "https";
  }

  /** With its port where one is given: `localhost:8000`. It is one of the allowed hosts. */
  get host(): string {
    return this.fastify.host.toLowerCase();
  }

  /** The path with its query, as it was sent. */
  get url(): string {
    return this.fastify.raw.url!;
  }

  /** The whole address of a path on this host: `request.absoluteUrl("/coffee/")`. */
  absoluteUrl(path = this.url): string {
    return new URL(path, `${this.scheme}://${this.host}`).href;
  }

  get query(): MultiDict {
    if (this.#query === undefined) {
      const at = this.url.indexOf("?");
      this.#query = new MultiDict(at < 0 ? [] : new URLSearchParams(this.url.slice(at + 1)));
    }
    return this.#query;
  }

  get cookies(): ReadonlyMap<string, string> {
    const header = this.headers.cookie;
    return (this.#cookies ??= header === undefined ? noCookies : parseCookies(header));
  }

  /** The value of a cookie that `setSignedCookie` set; undefined where none came, it was changed, or it is older than `maxAge` seconds. */
  signedCookie(name: string, { salt = "", maxAge }: { salt?: string; maxAge?: number } = {}): string | undefined {
    return cookieSigner(this.#context.settings, name + salt).tryUnsign(this.cookies.get(name), { maxAge });
  }

  /** Whether the client prefers JSON to HTML. */
  get prefersJson(): boolean {
    const { accept } = this.headers;
    return accept !== undefined && qualityOf(accept, "application/json") > qualityOf(accept, "text/html");
  }

  /** Whether the client takes a content type. `request.accepts("application/json")` */
  accepts(type: string): boolean {
    return qualityOf(this.headers.accept, type) > 0;
  }

  /** Which of some content types the client wants most, of equals the first; undefined where it takes none of them. */
  preferredType<Type extends string>(types: readonly Type[]): Type | undefined {
    return preferredType(this.headers.accept, types) as Type | undefined;
  }

  /** What the path leads to, as Django's templates call it: `request.resolver_match.url_name`. */
  get resolverMatch(): ResolverMatch | undefined {
    return this.resolved;
  }

  /** The addresses of this request, where a middleware gave it others than the project's. */
  get urlconf(): readonly UrlPattern[] | undefined {
    return this.#urlconf;
  }

  set urlconf(urls: readonly UrlPattern[] | undefined) {
    this.#urlconf = urls;
    this.resolved = (urls === undefined ? this.services.resolver : resolverOf(urls)).resolve(this.path);
  }

  /** What this request's scripts and styles are allowed by, where the policy has `CSP.nonce`: `csp_nonce` in templates. */
  get cspNonce(): string {
    return (this.#cspNonce ??= newNonce());
  }

  /** The nonce, where a page asked for it. */
  get usedCspNonce(): string | undefined {
    return this.#cspNonce;
  }

  /** Tells the client what it will need, before the answer is made: `request.earlyHints({ link: "</site.css>; rel=preload; as=style" })`. */
  earlyHints(hints: Readonly<Record<string, string | string[]>>): void {
    this.#reply.raw.writeEarlyHints?.(hints as Record<string, string>);
  }

  /** Whether a session cookie came, valid or not. */
  get hasSessionCookie(): boolean {
    return this.headers.cookie !== undefined && this.cookies.has(this.#context.settings.session.cookieName);
  }

  /** What the site remembers of this visitor. It was loaded before the view where a session cookie came. */
  get session(): Session {
    return (this.#session ??= new Session(undefined, this.#context.settings.session));
  }

  /** The session, where it was loaded or asked for. */
  get openedSession(): Session | undefined {
    return this.#session;
  }

  /** Loads the session of the cookie. The pipeline calls it before anything of the project runs. */
  async loadSession(): Promise<void> {
    const { settings, sessionSigner, sessionStore } = this.#context;
    const key = sessionSigner.tryUnsign(this.cookies.get(settings.session.cookieName));
    const data = key === undefined ? null : await sessionStore.load(key);
    const found = key === undefined || data === null ? undefined : { key, data };
    this.#session = new Session(found, settings.session);
  }

  /** Notes for the visitor's next page. */
  get messages(): Messages {
    const { messageSigner: signer, settings } = this.#context;
    const cookie = this.cookies.get(messagesCookieName);
    return (this.#messages ??= new Messages({ session: this.session, signer, settings: settings.messages, cookie }));
  }

  get openedMessages(): Messages | undefined {
    return this.#messages;
  }

  /** The form, where it was asked for. */
  get openedForm(): Promise<FormBody> | undefined {
    return this.#form;
  }

  /** The token that a form of this page must carry. Asking for it sets its cookie. */
  get csrfToken(): string {
    if (this.#csrfToken === undefined) {
      this.#csrfSecret ??= this.knownCsrfSecret ?? newCsrfSecret();
      this.#csrfToken = maskCsrfSecret(this.#csrfSecret);
    }
    return this.#csrfToken;
  }

  /** The secret that earlier pages' tokens were made of: in the browser's cookie or, where the settings say so, in the session. */
  get knownCsrfSecret(): string | undefined {
    const secret = this.#context.settings.csrf.useSessions
      ? this.session.get<string>(csrfSessionName)
      : this.cookies.get(csrfCookieName);
    return isCsrfSecret(secret) ? secret : undefined;
  }

  /** Makes the tokens of earlier pages worthless: done at log-in. */
  rotateCsrfToken(): void {
    this.#csrfSecret = newCsrfSecret();
    this.#csrfToken = undefined;
  }

  /** The secret that the answer's cookie must carry; undefined where nothing asked for it. */
  get csrfSecret(): string | undefined {
    return this.#csrfSecret;
  }

  /** Aborted when the client goes away before it was answered. */
  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      const controller = new AbortController();
      const response = this.#reply.raw;
      const abort = (): void => void (response.writableFinished || controller.abort());
      if (response.destroyed) abort();
      else response.once("close", abort);
      this.#signal = controller.signal;
    }
    return this.#signal;
  }

  /** Aborted when the server begins to close: an answer without an end ends then, so that the others can finish. */
  get closing(): AbortSignal {
    return this.#context.closing;
  }

  /** The body as it comes, unread and without limit. */
  get stream(): IncomingMessage {
    return this.fastify.raw;
  }

  /** The whole body, up to `limit` bytes. @throws HttpError 413 */
  body(options: { limit?: number } = {}): Promise<Buffer> {
    return (this.#body ??= readBody(this.fastify.raw, options.limit ?? this.#context.settings.uploads.maxBody));
  }

  /**
   * The body as JSON.
   * @throws HttpError 400 where it is not JSON, naming the place; 413; 415 where it is packed, not in UTF-8 or, unless `anyType`, not JSON by its type
   */
  async json(options: { limit?: number; anyType?: boolean } = {}): Promise<unknown> {
    const type = this.headers["content-type"];
    if (!options.anyType && type !== undefined && !/^[\w.-]+\/(?:[\w.-]+\+)?json\b/i.test(type))
      throw HttpError.from(415, httpErrors.HTTP_UNSUPPORTED_TYPE({ given: type, wanted: "application/json" }));
    requireUtf8(type);
    requireUnpacked(this.headers["content-encoding"]);
    return this.parseJson(await this.body(options));
  }

  /** JSON text that came in the request, as in a body that was packed, within the limits of its body. @throws HttpError 400 */
  parseJson(text: Buffer): unknown {
    return parseJson(text, this.#context.settings.uploads.maxJsonDepth);
  }

  /**
   * The body as a form: its fields and files.
   * @throws HttpError 400, 413, 415
   */
  form(): Promise<FormBody> {
    return (this.#form ??= this.#readForm());
  }

  async #readForm(): Promise<FormBody> {
    const type = this.headers["content-type"];
    requireUtf8(type);
    requireUnpacked(this.headers["content-encoding"]);
    if (type === undefined && !(await this.body()).length) return emptyForm();
    if (/^application\/x-www-form-urlencoded\b/i.test(type ?? ""))
      return parseUrlencoded(await this.body(), this.#context.settings.uploads);
    if (/^multipart\/form-data\b/i.test(type ?? "")) {
      const reader = new MultipartReader(this.#context.settings.uploads, this);
      this.#reply.raw.once(
        "close",
        () => void reader.clean().catch((error) => this.log.error({ err: error }, "Uploads were not removed.")),
      );
      return reader.read();
    }
    const wanted = "application/x-www-form-urlencoded or multipart/form-data";
    throw HttpError.from(415, httpErrors.HTTP_UNSUPPORTED_TYPE({ given: type ?? "", wanted }));
  }
}

/** The path of a request's target, decoded once; empty where it is none. */
function decodePath(url: string): string {
  const end = url.indexOf("?");
  const path = end < 0 ? url : url.slice(0, end);
  if (!path.startsWith("/")) return "";
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return "";
  }
}
