/*
 * How it works. Every request goes the same way:
 *   path decoded → pattern found → session loaded (where its cookie came) → prepareRequest of the apps (the user)
 *   → middleware, the project's first → CSRF verified (unsafe methods) → view → its result as a response
 *   → session, messages and CSRF cookie written (where they changed) → sent by Fastify.
 * An error becomes an answer where it is caught: inside the middleware when a view threw, outside when a middleware
 * did. The steps that a request does not need cost it nothing: a JSON view without cookies meets none of them.
 */
import { Readable } from "node:stream";
import { Signer } from "#kernel/signing";
import type { FastifyReply, FastifyRequest } from "fastify";
import { serializeCookie } from "./cookies.ts";
import { csrfCookieMaxAge, csrfCookieName, csrfSessionName, verifyCsrf } from "./csrf.ts";
import {
  answerError,
  describeError,
  type ErrorPage,
  type ExplainError,
  isFailure,
  jsonProblem,
  plainErrorPage,
} from "./error-answer.ts";
import { httpErrors } from "./errors.ts";
import { RequestLanguages } from "./i18n/request-languages.ts";
import { HttpError } from "./http-error.ts";
import { HttpRequest, messagesCookieName, type PrepareRequest, type RequestContext } from "./request.ts";
import type { Resolver } from "./urls/resolver.ts";
import { type HttpResponse, redirectTo } from "./response.ts";
import { gotRequestException, requestFinished, requestStarted } from "./signals.ts";
import { signedCookie } from "./signed-cookies.ts";
import { toResponse } from "./to-response.ts";
import { resolverOf } from "./urls/reverse.ts";
import { type AroundView, type Middleware, viewMarks } from "./view.ts";

export interface PipelineOptions extends Omit<RequestContext, "sessionSigner" | "messageSigner"> {
  resolver: Resolver;
  middleware: readonly Middleware[];
  prepareRequest: readonly PrepareRequest[];
  aroundView?: AroundView | undefined;
  errorPage: ErrorPage;
  explainError?: ExplainError | undefined;
}

/** In characters. Expressions that try every way to divide a path take the square of its length, or more. */
const longestPath = 4096;

type Answer = (request: HttpRequest) => Promise<HttpResponse>;

export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #context: RequestContext;
  /** Middleware around the view, as one function. */
  readonly #run: Answer;
  /** Undefined where every request is in the project's language. */
  readonly #languages: RequestLanguages | undefined;

  constructor(options: PipelineOptions) {
    this.#options = options;
    const { secretKey: key, secretKeyFallbacks: fallbackKeys } = options.settings;
    const { services, settings, sessionStore } = options;
    const sessionSigner = new Signer({ key, fallbackKeys, salt: "cortado.http.session" });
    this.#context = {
      services,
      settings,
      sessionStore,
      sessionSigner,
      closing: options.closing,
      messageSigner: new Signer({ key, fallbackKeys, salt: "cortado.http.messages" }),
    };
    this.#languages = RequestLanguages.of(options.resolver, options.settings);
    this.#run = options.middleware.reduceRight<Answer>(
      (next, middleware) => (request) => this.#guard(request, async () => middleware(request, () => next(request))),
      (request) => this.#callView(request),
    );
  }

  /** Answers a request that no route of a plugin took. It never rejects. */
  handle(fastify: FastifyRequest, reply: FastifyReply): Promise<void> {
    const request = new HttpRequest(fastify, reply, this.#context);
    if (this.#languages === undefined) return this.#handle(request, reply);
    return this.#languages.run(request, () => this.#handle(request, reply));
  }

  async #handle(request: HttpRequest, reply: FastifyReply): Promise<void> {
    let response: HttpResponse;
    if (!requestStarted.isIdle) await requestStarted.sendRobust(this, { request });
    try {
      const { length } = request.path;
      if (length === 0) throw HttpError.from(400, httpErrors.HTTP_BAD_PATH());
      if (length > longestPath) throw HttpError.from(414, httpErrors.HTTP_PATH_TOO_LONG({ length, limit: longestPath }));
      request.resolved = this.#options.resolver.resolve(request.path);
      if (request.hasSessionCookie) await request.loadSession();
      for (const prepare of this.#options.prepareRequest) {
        const prepared = prepare(request);
        if (prepared !== undefined) await prepared;
      }
      response = await this.#run(request);
      if (response.complete !== undefined) await response.complete();
      if (request.openedSession !== undefined || request.csrfSecret !== undefined) await this.#finish(request, response);
    } catch (error) {
      response = await this.fail(request, error);
    }
    if (this.#languages !== undefined) response = this.#languages.finish(request, response);
    this.#send(request, reply, response);
    if (!requestFinished.isIdle) await requestFinished.sendRobust(this, { request, response });
  }

  /** Answers an error that came from outside of the views: from Fastify, a plugin or a static file. */
  async handleError(error: unknown, fastify: FastifyRequest, reply: FastifyReply): Promise<void> {
    const request = new HttpRequest(fastify, reply, this.#context);
    this.#send(request, reply, await this.fail(request, error));
  }

  /** The answer to an error. */
  async fail(request: HttpRequest, error: unknown): Promise<HttpResponse> {
    const options = {
      debug: this.#options.settings.debug,
      errorPage: this.#options.errorPage,
      explainError: this.#options.explainError,
    };
    if (!gotRequestException.isIdle && isFailure(request, describeError(error, false)))
      await gotRequestException.sendRobust(this, { request, error });
    // Headers that the error asks for may be such that cannot be sent.
    const response = await answerError(request, error, options).catch((failure) => answerError(request, failure, options));
    response.error = error;
    return response;
  }

  async #guard(request: HttpRequest, answer: () => Promise<HttpResponse>): Promise<HttpResponse> {
    try {
      return await answer();
    } catch (error) {
      return this.fail(request, error);
    }
  }

  /** As few promises as can be: this is the way of every request. */
  async #callView(request: HttpRequest): Promise<HttpResponse> {
    try {
      const { resolved, method } = request;
      if (resolved === undefined) return this.#notFound(request);
      const { settings, aroundView } = this.#options;
      if (method !== "GET" && method !== "HEAD") await verifyCsrf(request, settings);
      if (aroundView === undefined) {
        const response = toResponse(await resolved.view(request, resolved.params), request);
        return response instanceof Promise ? await response : response;
      }
      return await aroundView(request, async () => toResponse(await resolved.view(request, resolved.params), request));
    } catch (error) {
      return this.fail(request, error);
    }
  }

  #notFound(request: HttpRequest): HttpResponse {
    const { settings } = this.#options;
    const { path, method, urlconf } = request;
    const resolver = urlconf === undefined ? this.#options.resolver : resolverOf(urlconf);
    const slashed = settings.appendSlash && !path.endsWith("/") ? resolver.resolve(`${path}/`) : undefined;
    if (slashed !== undefined && viewMarks(slashed.view).appendSlash !== false) {
      if (method === "GET" || method === "HEAD") return redirectTo(withSlash(request.url, resolver.prefix), 301);
      throw HttpError.from(404, httpErrors.HTTP_NOT_FOUND({ path, nearest: `${path}/` }));
    }
    const nearest = settings.debug ? resolver.nearest(path) : undefined;
    const error = HttpError.from(404, httpErrors.HTTP_NOT_FOUND({ path, nearest }));
    if (resolver.isOfApi(path)) return jsonProblem(describeError(error, settings.debug));
    throw error;
  }

  /** Writes what the request changed in the visitor's browser and session. */
  async #finish(request: HttpRequest, response: HttpResponse): Promise<void> {
    const { settings, sessionStore } = this.#context;
    const messages = request.openedMessages?.toCookie();
    const { secure, domain, sameSite } = settings.session;
    if (messages === null) response.deleteCookie(messagesCookieName, { domain, sameSite });
    else if (messages !== undefined) response.setCookie(messagesCookieName, messages, { secure, domain, sameSite });
    if (request.csrfSecret !== undefined && settings.csrf.useSessions) {
      if (request.knownCsrfSecret !== request.csrfSecret) request.session.set(csrfSessionName, request.csrfSecret);
    } else if (request.csrfSecret !== undefined) {
      response.setCookie(csrfCookieName, request.csrfSecret, { maxAge: csrfCookieMaxAge, secure, domain, httpOnly: false });
      response.vary("Cookie");
    }
    if (request.openedSession !== undefined) await this.#saveSession(request, response, sessionStore);
  }

  async #saveSession(request: HttpRequest, response: HttpResponse, store: RequestContext["sessionStore"]): Promise<void> {
    const session = request.openedSession!;
    const { cookieName, saveEveryRequest, sameSite, secure, domain, path, httpOnly } = this.#options.settings.session;
    response.vary("Cookie");
    // What a failed request changed is not kept.
    if (response.status >= 500) return;
    if (session.modified || (saveEveryRequest && !session.isEmpty)) {
      const maxAge = session.expiresAtBrowserClose ? undefined : session.expiryAge;
      await session.save(store);
      // It was ended meanwhile: the browser may have been given another one.
      if (session.key === null && !session.isEmpty) return;
      const options = { maxAge, sameSite, secure, domain, path, httpOnly };
      if (session.key !== null) response.setCookie(cookieName, this.#context.sessionSigner.sign(session.key), options);
    }
    if (session.key === null && request.hasSessionCookie) response.deleteCookie(cookieName, { sameSite, domain, path });
  }

  #send(request: HttpRequest, reply: FastifyReply, response: HttpResponse): void {
    const { status, headers, cookies, body, reason, withheld } = response;
    try {
      reply.code(status).headers(headers as Record<string, string>);
      if (reason !== undefined) reply.raw.statusMessage = reason;
      if (withheld !== undefined) for (const name of withheld) reply.removeHeader(name);
      if (cookies.length > 0) {
        const isSecure = request.isSecure;
        const lines = cookies.map((cookie) => serializeCookie(signedCookie(cookie, this.#options.settings), isSecure));
        reply.header("set-cookie", lines);
      }
      if (status === 101) return response.takeOver!(reply);
      if (body instanceof Readable) body.once("error", (error) => void this.#brokeOff(request, reply, error));
      reply.send(body ?? undefined);
    } catch (error) {
      // What cannot be sent must not take the process with it.
      request.log.error({ err: error }, "The answer could not be sent.");
      this.#sendInstead(reply, response, error);
    }
  }

  /** A stream failed. Where nothing of it is out yet, Fastify asks for the answer to the error; else nobody would hear of it. */
  async #brokeOff(request: HttpRequest, reply: FastifyReply, error: unknown): Promise<void> {
    if (!reply.raw.headersSent || !isFailure(request, { status: 500, error })) return;
    request.log.error({ err: error }, "The answer broke off.");
    if (!gotRequestException.isIdle) await gotRequestException.sendRobust(this, { request, error });
  }

  /** The plain page of a failure, in place of an answer that cannot be sent. */
  #sendInstead(reply: FastifyReply, { headers, body }: HttpResponse, error: unknown): void {
    if (body instanceof Readable) body.destroy();
    if (reply.raw.headersSent) return void reply.raw.destroy();
    for (const name of [...Object.keys(headers), "set-cookie"]) reply.removeHeader(name);
    const page = plainErrorPage(undefined, describeError(error, this.#options.settings.debug));
    reply
      .code(500)
      .headers(page.headers as Record<string, string>)
      .send(page.body);
  }
}

/** The same address with a slash after its path. Two slashes at the beginning would name another host. */
function withSlash(url: string, prefix: string): string {
  const at = url.indexOf("?");
  const given = (at < 0 ? url : url.slice(0, at)).replace(/^\/{2,}/, "/");
  const path = given.startsWith(prefix) ? given : `${prefix}${given.slice(1)}`;
  return `${path}/${at < 0 ? "" : url.slice(at)}`;
}
