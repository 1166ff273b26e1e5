/**
 * Compares signatures and password hashes with recorded ones.
 *
 *   node --conditions=cortado-source scripts/vectors/compare-signing.ts /work/vectors/signing.json
 *   node --conditions=cortado-source scripts/vectors/compare-signing.ts /work/vectors/hashers.json
 */
import { isDeepStrictEqual } from "node:util";
import { isUsablePassword, verifyPassword } from "../../src/auth/index.ts";
import { Signer, type SignerOptions, TimestampSigner } from "../../src/kernel/signing/index.ts";
import { decode, NoCounterpart, recordedCases, Tally } from "./recorded.ts";

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

function agreesOnSigning(given: SigningCase): true | string {
  const clock = Date.now;
  const { now } = given;
  if (now !== undefined) Date.now = () => now * 1000;
  try {
    const value = runSigning(given);
    return isDeepStrictEqual(value, decode(given.expect.value)) || `gave ${JSON.stringify(value)}`;
  } catch (error) {
    if (error instanceof NoCounterpart) throw error;
    const { code = String(error) } = error as { code?: string };
    return codes[given.expect.error?.type ?? ""] === code || `threw ${code}`;
  } finally {
    Date.now = clock;
  }
}

async function agreesOnHash(given: HasherCase): Promise<true | string> {
  const password = decode(given.password);
  const encoded = decode(given.encoded);
  // Python verifies nothing against no password; here the type refuses it.
  const text = Buffer.isBuffer(password) ? password.toString() : password;
  const value = typeof text === "string" && (await verifyPassword(text, String(encoded)));
  return (
    value === decode(given.expect) ||
    `gave ${value} for ${String(encoded).slice(0, 40)}, usable ${isUsablePassword(String(encoded))}`
  );
}

const cases = recordedCases<SigningCase | HasherCase>("compare-signing.ts signing.json");
const tally = new Tally("encoded" in cases[0]! ? "password hashes" : "signatures");
for (const each of cases) {
  try {
    const agrees = "encoded" in each ? await agreesOnHash(each) : agreesOnSigning(each);
    if (agrees === true) tally.agree();
    else tally.differ(`${each.id}: ${agrees}, wanted ${JSON.stringify(each.expect)}`);
  } catch (error) {
    if (error instanceof NoCounterpart) tally.leaveOut(error.message);
    else tally.differ(`${each.id}: threw ${String(error)}`);
  }
}
tally.print();
