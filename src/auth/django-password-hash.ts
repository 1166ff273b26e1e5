import {
  argon2,
  type Argon2Algorithm,
  type Argon2Parameters,
  createHash,
  pbkdf2,
  scrypt,
  type ScryptOptions,
  timingSafeEqual,
} from "node:crypto";
import { promisify } from "node:util";
import { verifyBcrypt, verifyBcryptSha256 } from "./backends/bcrypt.ts";

/*
 * How a database that Django kept stores its passwords: `pbkdf2_sha256$1000000$salt$hash`. They are verified as they are, and
 * replaced by a hash of ours when their user logs in.
 */

type Verify = (password: string, parts: readonly string[]) => Promise<boolean>;

const derivePbkdf2 = promisify(pbkdf2);
const deriveScrypt = promisify<string, string, number, ScryptOptions, Buffer>(scrypt);
const deriveArgon2 = promisify<Argon2Algorithm, Argon2Parameters, Buffer>(argon2);

const verifiers: Readonly<Record<string, Verify>> = {
  pbkdf2_sha256: pbkdf2With("sha256"),
  pbkdf2_sha1: pbkdf2With("sha1"),
  scrypt: verifyScrypt,
  argon2: verifyArgon2,
  bcrypt: verifyBcrypt,
  bcrypt_sha256: verifyBcryptSha256,
  md5: digestWith("md5"),
  sha1: digestWith("sha1"),
};

/** Verifies a password against one of Django's hashes; undefined where the hash is none of them. */
export function verifyDjangoPassword(password: string, hash: string): Promise<boolean> | undefined {
  const [algorithm = "", ...parts] = hash.split("$");
  return Object.hasOwn(verifiers, algorithm) ? verifiers[algorithm]!(password, parts) : undefined;
}

/** Whether a hash is one of Django's that can be verified. */
export function isDjangoHash(hash: string): boolean {
  return Object.hasOwn(verifiers, hash.slice(0, Math.max(0, hash.indexOf("$"))));
}

function pbkdf2With(digest: "sha1" | "sha256"): Verify {
  return async (password, [iterations = "", salt = "", hash = ""]) => {
    const wanted = Buffer.from(hash, "base64");
    if (!/^\d{1,9}$/.test(iterations) || Number(iterations) === 0 || wanted.length === 0) return false;
    return isSame(await derivePbkdf2(password, salt, Number(iterations), wanted.length, digest), wanted);
  };
}

async function verifyScrypt(
  password: string,
  [n = "", salt = "", r = "", p = "", hash = ""]: readonly string[],
): Promise<boolean> {
  const wanted = Buffer.from(hash, "base64");
  const [cost, blockSize, parallelization] = [Number(n), Number(r), Number(p)];
  const maxmem = 129 * cost * blockSize * parallelization + 1024 * 1024;
  if (!(maxmem < 512 * 1024 * 1024) || wanted.length === 0) return false;
  return isSame(await deriveScrypt(password, salt, wanted.length, { cost, blockSize, parallelization, maxmem }), wanted);
}

/** `argon2$argon2id$v=19$m=102400,t=2,p=8$salt$hash` */
async function verifyArgon2(
  password: string,
  [algorithm = "", , costs = "", salt = "", hash = ""]: readonly string[],
): Promise<boolean> {
  const [, memory, passes, parallelism] = /^m=(\d+),t=(\d+),p=(\d+)$/.exec(costs) ?? [];
  const wanted = Buffer.from(hash, "base64");
  if (memory === undefined || Number(memory) > 1024 * 1024 || !/^argon2(?:id|i|d)$/.test(algorithm) || wanted.length === 0)
    return false;
  const derived = await deriveArgon2(algorithm as Argon2Algorithm, {
    message: password,
    nonce: Buffer.from(salt, "base64"),
    parallelism: Number(parallelism),
    tagLength: wanted.length,
    memory: Number(memory),
    passes: Number(passes),
  });
  return isSame(derived, wanted);
}

/** Hashes of Django's first years: `md5$salt$hash`. */
function digestWith(digest: "md5" | "sha1"): Verify {
  return async (password, [salt = "", hash = ""]) => {
    const made = createHash(digest).update(salt).update(password).digest();
    return isSame(made, Buffer.from(hash, "hex"));
  };
}

function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
