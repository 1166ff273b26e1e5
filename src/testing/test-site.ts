import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OpenProject, openProject, type Project } from "#app";
import { login, loginNotRequired } from "#auth";
import { csrfCookieName, csrfHeaderName, type HttpRequest, path as urlPath } from "#http";
import { didYouMean, type Services } from "#kernel";
import { clearOutbox, type EmailMessage, outbox } from "#mail";
import { failOnQueriesInLoops } from "#orm";
import type { OnMissingName } from "#templates";
import { CookieJar } from "./cookie-jar.ts";
import { type MissingName, testingErrors } from "./errors.ts";
import { openSocket, type TestSocket } from "./open-socket.ts";
import { formBody, hiddenInputs, type SubmitValue } from "./page-form.ts";
import { withRendered } from "./rendered-templates.ts";
import { testCaches } from "./test-caches.ts";
import { prepareDatabases } from "./test-database.ts";
import { TestResponse } from "./test-response.ts";
import { testStorages } from "./test-storages.ts";

/*
 * How it works. The project is opened as it is, with another database, another storage folder and the mode "test". Requests go
 * through Fastify's `inject`, so everything but the socket is real. Cookies are kept, as a browser would. Logging in goes through
 * an address that only this site has, so that `login(user)` needs no password.
 */

const loginPath = "cortado-testing/log-in/";

export interface RequestOptions {
  headers?: Record<string, string>;
}

/** A project opened for one test. */
export class TestSite {
  readonly #open: OpenProject;
  readonly #folder: string;
  readonly #logIn: LogInTarget;
  readonly #watched: Watch;
  readonly cookies = new CookieJar();
  #address: Promise<string> | undefined;
  /** The names that templates asked for and their contexts lacked; not those under an `{% if %}` or before `default`. */
  readonly missingNames: readonly MissingName[];

  constructor(open: OpenProject, folder: string, { logIn, watched, missingNames }: SiteParts) {
    this.#open = open;
    this.#folder = folder;
    this.#logIn = logIn;
    this.#watched = watched;
    this.missingNames = missingNames;
  }

  /** The messages that were sent since the site opened, or since `clearOutbox()`. */
  get outbox(): readonly EmailMessage[] {
    return outbox();
  }

  get services(): Services {
    return this.#open.services;
  }

  /** Listens on a free port of loopback, for what needs a socket; answers where. Asked again, it answers the same. */
  listen(): Promise<string> {
    return (this.#address ??= this.#open.listen({ port: 0 }));
  }

  /**
   * Opens a WebSocket with this visitor's cookies. It is open already.
   *
   * ```ts
   * const socket = await site.webSocket("/chat/tea/");
   * ```
   * @throws TESTING_SOCKET_REFUSED
   */
  async webSocket(path: string): Promise<TestSocket> {
    return openSocket(await this.listen(), path, this.cookies.header);
  }

  get(path: string, options: RequestOptions = {}): Promise<TestResponse> {
    return this.request("GET", path, options);
  }

  /** Posts an object as JSON, with the CSRF token where the visitor has one; anything else as it is. */
  post(path: string, body?: unknown, options: RequestOptions = {}): Promise<TestResponse> {
    return this.request("POST", path, { ...options, body });
  }

  async request(
    method: string,
    path: string,
    { headers = {}, body }: RequestOptions & { body?: unknown } = {},
  ): Promise<TestResponse> {
    const isObject = typeof body === "object" && body !== null && !Buffer.isBuffer(body);
    const csrfToken = this.cookies.get(csrfCookieName);
    const server = await this.#open.server();
    const request = {
      method: method as "GET",
      url: path,
      headers: {
        host: "localhost",
        ...(this.cookies.header && { cookie: this.cookies.header }),
        ...(isObject && { "content-type": "application/json" }),
        ...(isObject && csrfToken && { [csrfHeaderName]: csrfToken }),
        ...headers,
      },
      payload: isObject ? JSON.stringify(body) : (body as string | Buffer | undefined),
    };
    const { result: answer, rendered } = await withRendered(() => this.#watched(async () => await server.inject(request)));
    this.cookies.store([answer.headers["set-cookie"] ?? []].flat());
    return new TestResponse(answer, rendered);
  }

  /**
   * Reads the page, then sends its form: its hidden inputs, the CSRF token among them, and these values. `true` ticks a box, a
   * `File` is an upload. Of several forms it is the one that has an input of these names.
   *
   * ```ts
   * await site.submit("/coffee/", { name: "Latte", photo: new File(["…"], "latte.png") });
   * ```
   * @throws TESTING_NO_FORM
   */
  async submit(path: string, values: Readonly<Record<string, SubmitValue>> = {}): Promise<TestResponse> {
    const page = await this.get(path);
    const hidden = hiddenInputs(page.text, Object.keys(values));
    if (hidden === undefined) throw testingErrors.TESTING_NO_FORM({ path, status: page.status });
    const { type, body } = await formBody({ ...hidden, ...values });
    return this.request("POST", path, { headers: { "content-type": type }, body });
  }

  /** Makes the visitor a logged-in user, without a password. */
  async login(user: object): Promise<void> {
    this.#logIn.user = user;
    await this.get(`/${loginPath}`);
    this.#logIn.user = undefined;
  }

  async logout(): Promise<void> {
    this.cookies.clear();
  }

  async close(): Promise<void> {
    await this.#open.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** @throws TESTING_MISSING_NAMES */
async function refuseMissing<T>(missing: readonly MissingName[], run: () => Promise<T>): Promise<T> {
  const before = missing.length;
  const result = await run();
  if (missing.length > before) throw testingErrors.TESTING_MISSING_NAMES({ missing: missing.slice(before) });
  return result;
}

/** How a test site watches its requests. */
export interface TestSiteOptions {
  /** Refuses a request in which one line sends the same query again and again; it answers 500 and names the line. */
  readonly failOnQueriesInLoops?: boolean;
  /** `"fail"`: a request is refused, with TESTING_MISSING_NAMES, whose templates asked for names that their contexts lacked. */
  readonly missingNames?: "collect" | "fail";
}

type Watch = <T>(run: () => Promise<T>) => Promise<T>;

interface SiteParts {
  logIn: LogInTarget;
  watched: Watch;
  missingNames: readonly MissingName[];
}

interface LogInTarget {
  user: object | undefined;
}

/**
 * Opens a project for a test: a private copy of its migrated database, a private storage folder, no socket. Close it afterwards.
 *
 * ```ts
 * const site = await testSite(config);
 * await site.submit("/coffee/", { name: "Latte", price: 4500 });
 * ```
 */
export async function testSite(project: Project, options: TestSiteOptions = {}): Promise<TestSite> {
  const folder = await mkdtemp(join(tmpdir(), "cortado-site-"));
  clearOutbox();
  const logIn: LogInTarget = { user: undefined };
  const logInView = async (request: HttpRequest) => {
    if (logIn.user) await login(request, logIn.user as never);
    return "";
  };
  const missingNames: MissingName[] = [];
  const onMissingName: OnMissingName = (name, place, known) =>
    void missingNames.push({ ...place, name, hint: didYouMean(name, known()) });
  const testProject = {
    ...project,
    mode: "test" as const,
    ...(await prepareDatabases(project, folder)),
    storage: `file:${join(folder, "storage")}`,
    storages: testStorages(project, folder),
    caches: testCaches(project),
    urls: [urlPath(loginPath, loginNotRequired(logInView)), ...(project.urls ?? [])],
  };
  const open = await openProject(testProject, { onMissingName });
  const looped: Watch = options.failOnQueriesInLoops ? failOnQueriesInLoops : (run) => run();
  const watched: Watch = options.missingNames === "fail" ? (run) => refuseMissing(missingNames, () => looped(run)) : looped;
  return new TestSite(open, folder, { logIn, watched, missingNames });
}
