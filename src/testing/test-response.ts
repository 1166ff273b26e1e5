/** An answer of a test site. */
export class TestResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  readonly bytes: Buffer;

  constructor(answer: { statusCode: number; headers: Record<string, unknown>; rawPayload: Buffer }) {
    this.status = answer.statusCode;
    this.headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
    this.bytes = answer.rawPayload;
    this.text = answer.rawPayload.toString();
  }

  /** Where a redirect leads. */
  get location(): string | undefined {
    return this.headers["location"];
  }

  json<T = any>(): T {
    return JSON.parse(this.text) as T;
  }
}
