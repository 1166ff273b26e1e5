import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { httpErrors } from "./errors.ts";

/** The files by which a server proves who it is: the setting `tls`. Where a proxy in front does that, it is left out. */
export interface TlsSettings {
  /** The certificate, with those between it and its authority, as PEM. */
  cert: string;
  /** The private key of it, as PEM without a passphrase. */
  key: string;
  /** The authorities, as PEM, one of which must have signed the certificate of every client. Left out, clients need none. */
  clientCa?: string | undefined;
}

/** What Node and gRPC take of it. */
export interface TlsFiles {
  cert: Buffer;
  key: Buffer;
  ca?: Buffer | undefined;
  requestCert: boolean;
  rejectUnauthorized: boolean;
}

/**
 * Reads the files of the setting `tls`, which are relative to the project.
 *
 * ```ts
 * const https = readTls({ cert: "tls/cert.pem", key: "tls/key.pem" }, import.meta.dirname);
 * const server = await createServer({ services, fastify: { https } });
 * ```
 * @throws HTTP_BAD_TLS
 */
export function readTls({ cert, key, clientCa }: TlsSettings, root = "."): TlsFiles {
  const files = {
    cert: read(resolve(root, cert), "cert"),
    key: read(resolve(root, key), "key"),
    ca: clientCa === undefined ? undefined : read(resolve(root, clientCa), "clientCa"),
  };
  const certificate = parse(cert, "is no certificate in PEM", () => new X509Certificate(files.cert));
  const own = parse(key, "is no private key in PEM without a passphrase", () => createPrivateKey(files.key));
  if (!certificate.checkPrivateKey(own)) throw httpErrors.HTTP_BAD_TLS({ file: key, problem: `is not the key of ${cert}` });
  if (files.ca) parse(clientCa!, "is no certificate in PEM", () => new X509Certificate(files.ca!));
  return { ...files, requestCert: clientCa !== undefined, rejectUnauthorized: clientCa !== undefined };
}

function read(file: string, setting: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw httpErrors.HTTP_BAD_TLS({ file, problem: `cannot be read (${code}), and is tls.${setting}` });
  }
}

function parse<T>(file: string, problem: string, work: () => T): T {
  try {
    return work();
  } catch {
    throw httpErrors.HTTP_BAD_TLS({ file, problem });
  }
}
