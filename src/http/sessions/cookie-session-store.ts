/*
 * How it works. The whole session travels in the visitor's cookie, encrypted (AES-256-GCM) under a key made of the secret key: the
 * visitor can neither read nor change it. Nothing is kept here, so a session cannot be ended from here either: a copy of the cookie
 * is good until its time is over, after a log-out too. The end stands inside, so that no browser can prolong it.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { saltedHmac } from "#kernel/signing";
import { httpErrors } from "../errors.ts";
import type { SessionData, SessionStore, SessionWrite } from "./session-store.ts";

const algorithm = "aes-256-gcm";
const nonceLength = 12;
const tagLength = 16;
/** Browsers take 4096 bytes of a cookie; its name, attributes and signature need some of them. */
const longestValue = 3800;

/** Keeps each session in its visitor's cookie. The first key encrypts; all of them decrypt. */
export function cookieSessionStore(secretKeys: readonly string[]): SessionStore {
  const keys = secretKeys.map((secret) => saltedHmac("cortado.http.cookie-session", "key", { secret }));
  const write = async (session: SessionWrite): Promise<string> => seal(keys[0]!, session);
  return {
    async load(sealed) {
      for (const key of keys) {
        const opened = open(key, sealed);
        if (opened !== undefined) return opened.end > Date.now() ? opened.data : null;
      }
      return null;
    },
    create: (_, session) => write(session),
    save: (_, session) => write(session),
    remove: async () => undefined,
  };
}

function seal(key: Buffer, { data, expiresAt }: SessionWrite): string {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv(algorithm, key, nonce);
  const text = JSON.stringify({ data, end: expiresAt.getTime() });
  const encrypted = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  const sealed = encrypted.toString("base64url");
  if (sealed.length > longestValue) throw httpErrors.HTTP_SESSION_TOO_LARGE({ length: sealed.length, most: longestValue });
  return sealed;
}

function open(key: Buffer, sealed: string): { data: SessionData; end: number } | undefined {
  const bytes = Buffer.from(sealed, "base64url");
  if (bytes.length < nonceLength + tagLength) return undefined;
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceLength), { authTagLength: tagLength });
  decipher.setAuthTag(bytes.subarray(-tagLength));
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(nonceLength, -tagLength)), decipher.final()]).toString("utf8");
    return JSON.parse(text) as { data: SessionData; end: number };
  } catch {
    return undefined;
  }
}
