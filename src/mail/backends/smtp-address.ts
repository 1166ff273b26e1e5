import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { AddressParameters, type RefuseAddress, withoutPassword } from "#kernel";
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

const known = ["tls", "timeout", "connections", "name", "ca", "cert", "key", "serverName"];
const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;

/** Reads the address of a mail server; paths in it begin in the project's folder. @throws MAIL_BAD_MAILER */
export function parseSmtpAddress(url: string, root: string): SmtpAddress {
  const refuse = (problem: string): Error =>
    mailErrors.MAIL_BAD_MAILER({ url: withoutPassword(url), problem, known: ["smtp:", "smtps:"] });
  const address = URL.parse(url);
  if (address === null || address.hostname === "") throw refuse("it names no host");
  const parameters = new AddressParameters(address.searchParams, known, refuse);
  const { hostname } = address;
  const secure = address.protocol === "smtps:";
  const user = decodeURIComponent(address.username);
  // A password goes over the line in the clear only to this machine itself.
  const usualTls = user !== "" && !loopback.test(hostname) ? "required" : "offered";
  const tls = parameters.oneOf("tls", ["required", "offered", "off"], usualTls);
  return {
    host: hostname.replaceAll(/^\[|\]$/g, ""),
    port: Number(address.port) || (secure ? 465 : user === "" ? 25 : 587),
    secure,
    requireTLS: !secure && tls === "required",
    ignoreTLS: tls === "off",
    auth: user === "" ? undefined : { user, pass: decodeURIComponent(address.password) },
    timeout: parameters.number("timeout", 10) * 1000,
    maxConnections: parameters.number("connections", 3),
    name: parameters.text("name"),
    tls: tlsOf(parameters, (path) => readCertificate(resolve(root, path), refuse)),
  };
}

function tlsOf(parameters: AddressParameters, read: (path: string) => Buffer): SmtpAddress["tls"] {
  const files = (["ca", "cert", "key"] as const).flatMap((name) => {
    const path = parameters.text(name);
    return path === undefined ? [] : [[name, read(path)] as const];
  });
  const servername = parameters.text("serverName");
  return { ...Object.fromEntries(files), ...(servername !== undefined && { servername }) };
}

function readCertificate(path: string, refuse: RefuseAddress): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw refuse(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
