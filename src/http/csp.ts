import { randomBytes } from "node:crypto";

/** What a page may load, by directive: `{ "default-src": [CSP.self], "script-src": [CSP.self, CSP.nonce] }`. An empty object: no policy. */
export type CspDirectives = Readonly<Record<string, string | readonly string[] | boolean | null | undefined>>;

/** The words of a policy that have a meaning of their own. */
export const CSP = Object.freeze({
  none: "'none'",
  self: "'self'",
  strictDynamic: "'strict-dynamic'",
  unsafeEval: "'unsafe-eval'",
  unsafeHashes: "'unsafe-hashes'",
  unsafeInline: "'unsafe-inline'",
  wasmUnsafeEval: "'wasm-unsafe-eval'",
  reportSample: "'report-sample'",
  /** Stands for the nonce of the request, which templates have as `csp_nonce`. */
  nonce: "<nonce>",
});

export function newNonce(): string {
  return randomBytes(16).toString("base64url");
}

/** A policy as a header's value; the nonce's place stays empty where no page asked for it. */
export function policyText(directives: CspDirectives, nonce: string | undefined): string {
  const parts: string[] = [];
  for (const [name, given] of Object.entries(directives)) {
    if (given === undefined || given === null || given === false) continue;
    const values = given === true ? [] : typeof given === "string" ? [given] : given;
    const texts = values.flatMap((value) => (value === CSP.nonce ? (nonce === undefined ? [] : [`'nonce-${nonce}'`]) : [value]));
    if (texts.length === 0 && given !== true) continue;
    parts.push([name, ...texts].join(" "));
  }
  return parts.join("; ");
}
