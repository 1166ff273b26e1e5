import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  constantTimeCompare,
  dumps,
  loads,
  randomString,
  saltedHmac,
  Signer,
  TimestampSigner,
  useSecretKeys,
} from "cortado/signing";

const key = "a key of the tests";

describe("a signer", () => {
  const signer = new Signer({ key, salt: "one use" });

  test("gives back what was signed, whatever it holds", () => {
    for (const value of ["", "a", "a:b", "날짜", "a\nb"]) assert.equal(signer.unsign(signer.sign(value)), value);
  });

  test("refuses what was changed, signed for another use, or never signed", () => {
    const signed = signer.sign("value");
    const others = [
      new Signer({ key, salt: "other" }),
      new Signer({ key: "other", salt: "one use" }),
      new Signer({ key, salt: "one use", algorithm: "sha512" }),
    ].map((each) => each.sign("value"));
    for (const bad of [`x${signed}`, `${signed}x`, signed.toUpperCase(), "value", ":", "", ...others]) {
      assert.throws(() => signer.unsign(bad), { code: "KERNEL_BAD_SIGNATURE", message: /^The signature is not valid: / }, bad);
      assert.equal(signer.tryUnsign(bad), undefined);
    }
    assert.equal(signer.tryUnsign(undefined), undefined);
  });

  test("signs as Django does under the same key and salt", () => {
    const django = new Signer({ key: "predictable-secret" });
    assert.equal(django.sign("’"), "’:dlLe36d72rMTJA-Nx4rZmsbVBttx4TfQ4hk3i_WNycU");
    assert.equal(django.signObject(["a", "list"]), "WyJhIiwibGlzdCJd:3GYcIQFaIPFWdliFMF3d9fjJn7eGSl_wbCyUmm1HeEs");
    assert.equal(
      new Signer({ key: "predictable-secret", sep: "*sep*" }).sign("foo"),
      "foo*sep*jZQoX_FtSO70jX9HLRGg2A_2s4kdDBxz1QoO_OpEQb0",
    );
  });

  test("takes what an older key signed, and signs with the newest", () => {
    const old = new Signer({ key: "old" }).sign("value");
    const rotated = new Signer({ key: "new", fallbackKeys: ["older", "old"] });
    assert.equal(rotated.unsign(old), "value");
    assert.equal(rotated.sign("value"), new Signer({ key: "new" }).sign("value"));
    assert.throws(() => new Signer({ key: "new" }).unsign(old), { code: "KERNEL_BAD_SIGNATURE" });
  });

  test("refuses a separator that a signature may hold", () => {
    for (const sep of ["", "-", "abc", "="])
      assert.throws(() => new Signer({ key, sep }), {
        code: "KERNEL_BAD_SEPARATOR",
        message: `${JSON.stringify(sep)} cannot stand between a value and its signature: a signature may hold it.`,
        hint: 'Use a character that is none of A-Z a-z 0-9 - _ =, such as ":".',
      });
  });

  test("names the hash that is nearest to one that is not there", () => {
    assert.throws(() => new Signer({ key, algorithm: "sha265" }).sign("x"), {
      code: "KERNEL_UNKNOWN_HASH",
      message: 'There is no hash "sha265".',
      hint: /^Did you mean "sha\d+"\?$/,
    });
    assert.throws(() => saltedHmac("salt", "value", { secret: key, algorithm: "whatever" }), {
      code: "KERNEL_UNKNOWN_HASH",
      hint: 'Use "sha256". crypto.getHashes() lists them all.',
    });
  });

  test("signs objects, shorter where that is asked for and possible", () => {
    const long = { list: Array.from({ length: 100 }, () => "latte"), text: "é\u{1f600}" };
    const packed = signer.signObject(long, { compress: true });
    assert.ok(packed.startsWith(".") && packed.length < signer.signObject(long).length);
    assert.deepEqual(signer.unsignObject(packed), long);
    assert.deepEqual(signer.unsignObject(signer.signObject(long)), long);
    assert.equal(signer.signObject(["a"], { compress: true }), signer.signObject(["a"]));
    assert.throws(() => signer.unsignObject(signer.sign("no object")), { code: "KERNEL_BAD_SIGNATURE" });
  });
});

describe("a signer of times", () => {
  test("takes a value that is young enough, and refuses an older one", (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: 1_700_000_000_000 });
    const signer = new TimestampSigner({ key });
    const signed = signer.sign("hello");
    assert.match(signed, /^hello:[0-9A-Za-z]{6}:[\w-]{43}$/);
    t.mock.timers.setTime(1_700_000_010_000);
    assert.equal(signer.unsign(signed, { maxAge: 11 }), "hello");
    assert.equal(signer.unsign(signed), "hello");
    assert.throws(() => signer.unsign(signed, { maxAge: 9 }), {
      code: "KERNEL_SIGNATURE_EXPIRED",
      message: "The signature is 10 seconds old. It may be 9.",
      hint: "Have the value made and signed anew.",
    });
    assert.equal(signer.tryUnsign(signed, { maxAge: 9 }), undefined);
    assert.throws(() => signer.unsign(new Signer({ key, salt: "django.core.signing.TimestampSigner" }).sign("hello")), {
      code: "KERNEL_BAD_SIGNATURE",
      message: /it names no time/,
    });
  });

  test("signs objects with their time, which dumps and loads do in one call", (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: 1_700_000_000_000 });
    const text = dumps({ order: 3 }, { key, salt: "shop", compress: true });
    assert.deepEqual(loads(text, { key, salt: "shop", maxAge: 1 }), { order: 3 });
    assert.throws(() => loads(text, { key }), { code: "KERNEL_BAD_SIGNATURE" });
    t.mock.timers.setTime(1_700_000_005_000);
    assert.throws(() => loads(text, { key, salt: "shop", maxAge: 1 }), { code: "KERNEL_SIGNATURE_EXPIRED" });
    assert.deepEqual(loads(dumps([1], { key: "old" }), { key: "new", fallbackKeys: ["old"] }), [1]);
  });
});

test("without a key a signer uses the project's, and says so where there is none", () => {
  const signer = new Signer();
  assert.throws(() => signer.sign("x"), {
    code: "KERNEL_NO_SECRET_KEY",
    message: "Nothing can be signed: no project is open, and no key was given.",
    hint: "Give a key: new Signer({ key }), or call useSecretKeys(key) first.",
  });
  assert.throws(() => new Signer({ key: "" }).sign("x"), { code: "KERNEL_NO_SECRET_KEY" });
  useSecretKeys("first");
  const signed = signer.sign("x");
  useSecretKeys("second", ["first"]);
  assert.equal(signer.unsign(signed), "x");
  assert.notEqual(signer.sign("x"), signed);
  assert.equal(saltedHmac("a", "b").toString("hex"), saltedHmac("a", "b", { secret: "second" }).toString("hex"));
});

test("texts and bytes are compared whole", () => {
  assert.equal(constantTimeCompare("spam", Buffer.from("spam")), true);
  assert.equal(constantTimeCompare("ありがとう", "ありがとう"), true);
  for (const other of ["eggs", "spa", "spam ", ""]) assert.equal(constantTimeCompare("spam", other), false);
});

test("random texts have their length, their letters, and differ", () => {
  assert.match(randomString(50), /^[A-Za-z0-9]{50}$/);
  assert.match(randomString(20, "01"), /^[01]{20}$/);
  assert.equal(new Set(Array.from({ length: 200 }, () => randomString(12))).size, 200);
  assert.equal(randomString(0), "");
});
