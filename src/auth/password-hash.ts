import { argon2, type Argon2Parameters, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { isDjangoHash, verifyDjangoPassword } from "./django-password-hash.ts";
import { authErrors } from "./errors.ts";

/**
 * Passwords are kept as argon2id hashes in the PHC form, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`:
 * a hash says how it was made, so that the cost can be raised and old hashes are renewed at the next log-in.
 */

interface Cost {
  /** KiB */
  memory: number;
  passes: number;
  parallelism: number;
}

/** The least that OWASP advises for argon2id: 19 MiB, two passes, one lane. About 25 ms. */
const cost: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
/** To bring a text into one Unicode form takes the square of its length at worst: megabytes would hold up the server for minutes. */
export const longestPassword = 1024;
const version = 19;
const tagLength = 32;
const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const derive = promisify<"argon2id", Argon2Parameters, Buffer>(argon2);

function deriveTag(password: string, { memory, passes, parallelism }: Cost, nonce: Buffer): Promise<Buffer> {
  return derive("argon2id", { message: password.normalize("NFKC"), nonce, parallelism, tagLength, memory, passes });
}

/**
 * The hash of a password, to be stored.
 *
 * ```ts
 * user.password = await hashPassword("correct horse battery staple");
 * ```
 * @throws AUTH_PASSWORD_TOO_LONG
 */
export async function hashPassword(password: string): Promise<string> {
  if (password.length > longestPassword)
    throw authErrors.AUTH_PASSWORD_TOO_LONG({ length: password.length, most: longestPassword });
  const nonce = randomBytes(16);
  const tag = await deriveTag(password, cost, nonce);
  const { memory, passes, parallelism } = cost;
  return `$argon2id$v=${version}$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(tag)}`;
}

/**
 * Whether a password is the one that was hashed, here or by Django. An unusable password matches nothing.
 * @throws AUTH_BAD_PASSWORD_HASH when `hash` is neither.
 */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  if (!isUsablePassword(hash) || password.length > longestPassword) return false;
  const asDjango = verifyDjangoPassword(password, hash);
  if (asDjango !== undefined) return asDjango;
  const { nonce, tag, ...made } = parseHash(hash);
  const given = await deriveTag(password, made, nonce);
  return given.length === tag.length && timingSafeEqual(given, tag);
}

/** Spends the time that verifying a password takes, so that an unknown user is not told from a known one by the clock. */
export async function spendPasswordTime(password: string): Promise<void> {
  await deriveTag(password, cost, Buffer.alloc(16));
}

/** Whether a hash was made at another cost than today's, or by Django. */
export function needsRehash(hash: string): boolean {
  if (!isUsablePassword(hash)) return false;
  if (isDjangoHash(hash)) return true;
  const { memory, passes, parallelism } = parseHash(hash);
  return memory !== cost.memory || passes !== cost.passes || parallelism !== cost.parallelism;
}

/** What stands in the password column of a user who cannot log in by password. */
export function unusablePassword(): string {
  return `!${randomBytes(24).toString("base64url")}`;
}

export function isUsablePassword(hash: string): boolean {
  return hash !== "" && !hash.startsWith("!");
}

function parseHash(hash: string): Cost & { nonce: Buffer; tag: Buffer } {
  const [, memory, passes, parallelism, nonce, tag] = phc.exec(hash) ?? [];
  if (nonce === undefined || tag === undefined) throw authErrors.AUTH_BAD_PASSWORD_HASH({ start: hash.slice(0, 10) });
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    nonce: Buffer.from(nonce, "base64"),
    tag: Buffer.from(tag, "base64"),
  };
}

function base64(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
