import { CookieJar } from "cortado/testing";

/** A visitor of a real server: keeps cookies, fills in forms with the token that the page carries. */
export class Visitor {
  readonly url: string;
  readonly cookies = new CookieJar();

  constructor(url: string) {
    this.url = url;
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookies.header) headers.set("cookie", this.cookies.header);
    const response = await fetch(this.url + path, { ...init, headers, redirect: "manual" });
    this.cookies.store(response.headers.getSetCookie());
    return response;
  }

  async text(path: string): Promise<string> {
    return (await this.fetch(path)).text();
  }

  /** Reads a page and sends its form. */
  async submit(path: string, values: Record<string, string>): Promise<Response> {
    const page = await this.text(path);
    const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(page)?.[1];
    if (!token) throw new Error(`${path} has no form with a token:\n${page.slice(0, 400)}`);
    return this.fetch(path, { method: "POST", body: new URLSearchParams({ csrfmiddlewaretoken: token, ...values }) });
  }
}
