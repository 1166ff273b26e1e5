/*
 * Holds signatures and password hashes against what another framework's tests recorded of theirs:
 *
 *   node --conditions=cortado-source scripts/vectors/compare-signing.ts signing.json|hashers.json
 */
import { verifyPassword } from "../../src/auth/index.ts";
import { Signer, type SignerOptions, TimestampSigner } from "../../src/kernel/signing/index.ts";
import { decode, NoCounterpart, recordedCases, type Sides, Tally } from "./recorded.ts";

interface Expected {
  value?: unknown;
  error?: { type: string };
}

interface SigningCase {
  id: string;
  class: string;
  method: string;
  key: unknown;
  salt: string;
  sep: string;
  algorithm: string;
  fallback_keys: unknown[];
  args: unknown[];
  kwargs: Record<string, unknown>;
  /** The clock's seconds, where the recording stopped it. */
  now?: number;
  expect: Expected;
}

interface HasherCase {
  id: string;
  password: unknown;
  encoded: unknown;
  expect: unknown;
}

const codes: Readonly<Record<string, string>> = {
  BadSignature: "KERNEL_BAD_SIGNATURE",
  SignatureExpired: "KERNEL_SIGNATURE_EXPIRED",
  ValueError: "KERNEL_BAD_SEPARATOR",
  InvalidAlgorithm: "KERNEL_UNKNOWN_HASH",
};

/** A text as Python makes it of a value: a signer here is given texts. */
function pythonText(value: unknown): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return value === null ? "None" : String(value);
}

function seconds(age: unknown): number | undefined {
  if (age === null || age === undefined) return undefined;
  return typeof age === "object" ? (age as { total(unit: string): number }).total("seconds") : Number(age);
}

function runSigning(given: SigningCase): unknown {
  const options = {
    key: decode(given.key),
    salt: given.salt,
    sep: given.sep,
    algorithm: given.algorithm,
    fallbackKeys: given.fallback_keys.map((each) => decode(each)),
  } as SignerOptions;
  const signer = given.class === "TimestampSigner" ? new TimestampSigner(options) : new Signer(options);
  const [value] = given.args.map((each) => decode(each));
  const maxAge = seconds(decode(given.kwargs["max_age"] ?? given.args[1]));
  const compress = given.kwargs["compress"] === true;
  if (given.method === "signature") return signer.signature(value instanceof Uint8Array ? value : pythonText(value));
  if (given.method === "sign") return signer.sign(pythonText(value));
  if (given.method === "sign_object") return signer.signObject(value, { compress });
  if (given.method === "unsign")
    return signer instanceof TimestampSigner ? signer.unsign(String(value), { maxAge }) : signer.unsign(String(value));
  if (given.method === "unsign_object")
    return signer instanceof TimestampSigner
      ? signer.unsignObject(String(value), { maxAge })
      : signer.unsignObject(String(value));
  throw new NoCounterpart(`the method ${given.method}`);
}

/** Runs something with the clock at a second, where the recording stopped it. */
function atSecond<T>(now: number | undefined, run: () => T): T {
  const clock = Date.now;
  if (now !== undefined) Date.now = () => now * 1000;
  try {
    return run();
  } finally {
    Date.now = clock;
  }
}

function signingSides(given: SigningCase): Sides {
  const { value, error } = given.expect;
  const wanted = error === undefined ? JSON.stringify(decode(value)) : (codes[error.type] ?? error.type);
  try {
    return { got: JSON.stringify(atSecond(given.now, () => runSigning(given))), wanted };
  } catch (refused) {
    if (refused instanceof NoCounterpart) throw refused;
    return { got: (refused as { code?: string }).code ?? String(refused), wanted };
  }
}

async function hashSides(given: HasherCase): Promise<Sides> {
  const password = decode(given.password);
  // Python verifies nothing against no password; here the type refuses it.
  const text = Buffer.isBuffer(password) ? password.toString() : password;
  const isRight = typeof text === "string" && (await verifyPassword(text, String(decode(given.encoded))));
  return { got: String(isRight), wanted: String(decode(given.expect)) };
}

const cases = recordedCases<SigningCase | HasherCase>("compare-signing.ts signing.json|hashers.json");
const tally = new Tally("encoded" in cases[0]! ? "password hashes" : "signatures");
for (const each of cases) await tally.compare(each.id, () => ("encoded" in each ? hashSides(each) : signingSides(each)));
tally.print();
