import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { withoutPassword } from "#kernel";
import { mailErrors } from "../errors.ts";

/** What an address like `smtp://user:password@mail.example.com:587?tls=required` says. */
export interface SmtpAddress {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte: `smtps:`. */
  readonly secure: boolean;
  /** Refuses to go on where the server offers no TLS. */
  readonly requireTLS: boolean;
  readonly ignoreTLS: boolean;
  readonly auth: { readonly user: string; readonly pass: string } | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly maxConnections: number;
  /** What this machine calls itself. */
  readonly name: string | undefined;
  readonly tls: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer; readonly servername?: string };
}

const parameters = ["tls", "timeout", "connections", "name", "ca", "cert", "key", "serverName"];
const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;

/** Reads the address of a mail server; paths in it begin in the project's folder. @throws MAIL_BAD_MAILER */
export function parseSmtpAddress(url: string, root: string): SmtpAddress {
  const refuse = (problem: string): Error =>
    mailErrors.MAIL_BAD_MAILER({ url: withoutPassword(url), problem, known: ["smtp:", "smtps:"] });
  const address = URL.parse(url);
  if (address === null || address.hostname === "") throw refuse("it names no host");
  const { hostname, searchParams: query } = address;
  const unknown = [...query.keys()].find((key) => !parameters.includes(key));
  if (unknown !== undefined) throw refuse(`it has the parameter "${unknown}", and can have ${parameters.join(", ")}`);
  const number = (key: string, fallback: number): number => {
    const value = Number(query.get(key) ?? fallback);
    if (!(value > 0)) throw refuse(`\`${key}\` must be a number above 0`);
    return value;
  };
  const secure = address.protocol === "smtps:";
  const user = decodeURIComponent(address.username);
  // A password goes over the line in the clear only to this machine itself.
  const tls = query.get("tls") ?? (user !== "" && !loopback.test(hostname) ? "required" : "offered");
  if (!["required", "offered", "off"].includes(tls)) throw refuse("`tls` must be required, offered or off");
  return {
    host: hostname.replaceAll(/^\[|\]$/g, ""),
    port: Number(address.port) || (secure ? 465 : user === "" ? 25 : 587),
    secure,
    requireTLS: !secure && tls === "required",
    ignoreTLS: tls === "off",
    auth: user === "" ? undefined : { user, pass: decodeURIComponent(address.password) },
    timeout: number("timeout", 10) * 1000,
    maxConnections: number("connections", 3),
    name: query.get("name") ?? undefined,
    tls: tlsFiles(query, root),
  };
}

function tlsFiles(query: URLSearchParams, root: string): SmtpAddress["tls"] {
  const files: { ca?: Buffer; cert?: Buffer; key?: Buffer; servername?: string } = {};
  for (const name of ["ca", "cert", "key"] as const) {
    const path = query.get(name);
    if (path !== null) files[name] = readFileSync(resolve(root, path));
  }
  const serverName = query.get("serverName");
  return serverName === null ? files : { ...files, servername: serverName };
}
