import assert from "node:assert/strict";
import { test } from "node:test";
import { hashPassword, isUsablePassword, needsRehash, unusablePassword, validatePassword, verifyPassword } from "cortado/auth";
import { ValidationError } from "cortado/validation";

test("a password is kept as an argon2id hash in the PHC form, and verified by it", async () => {
  const hash = await hashPassword("correct horse");
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.equal(await verifyPassword("correct horse", hash), true);
  assert.equal(await verifyPassword("Correct horse", hash), false);
  assert.notEqual(await hashPassword("correct horse"), hash);
});

test("a password of megabytes is refused at once, by name where it is hashed", async () => {
  const endless = `a${"\u0300\u0316".repeat(500_000)}`;
  const started = performance.now();
  assert.equal(await verifyPassword(endless, await hashPassword("a long secret")), false);
  assert.throws(() => validatePassword(endless), /too long: it may have at most 1024 characters/);
  await assert.rejects(hashPassword(endless), {
    code: "AUTH_PASSWORD_TOO_LONG",
    message: "A password has 1000001 characters; at most 1024 are taken.",
    hint: "Check it with validatePassword before it is set, which says so to whoever chose it.",
  });
  assert.ok(performance.now() - started < 2_000);
});

test("a password typed in another Unicode form is the same password", async () => {
  assert.equal(await verifyPassword("cafe\u0301", await hashPassword("caf\u00e9")), true);
});

test("a hash of a lower cost is verified as it was made, and is due to be made anew", async () => {
  // "password" with the salt "somesalt", made by the reference implementation's command at m=256, t=2.
  const old = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
  assert.equal(await verifyPassword("password", old), true);
  assert.equal(needsRehash(old), true);
  assert.equal(needsRehash(await hashPassword("x")), false);
});

test("an unusable password matches nothing, not even itself", async () => {
  const none = unusablePassword();
  assert.equal(isUsablePassword(none), false);
  assert.equal(await verifyPassword(none, none), false);
  assert.equal(await verifyPassword("", ""), false);
});

test("a stored password that is no argon2id hash is named by its beginning only", async () => {
  await assert.rejects(verifyPassword("x", "pbkdf2_sha256$1000$salt$secret"), {
    code: "AUTH_BAD_PASSWORD_HASH",
    message: 'A stored password starts with "pbkdf2_sha", which is not an argon2id hash.',
    hint: "Set the password again with setPassword, or mark it unusable.",
  });
});

test("a weak password is refused with every reason at once", () => {
  const reasons = (password: string, user = {}) => {
    try {
      validatePassword(password, user);
      return [];
    } catch (error) {
      assert.ok(error instanceof ValidationError);
      return error.messages;
    }
  };
  assert.deepEqual(reasons("12345"), [
    "This password is too short: it needs at least 8 characters.",
    "This password is entirely numeric.",
  ]);
  assert.deepEqual(reasons("Password1"), ["This password is too common."]);
  assert.deepEqual(reasons("annabelle7", { username: "annabelle" }), ["This password is too similar to the username."]);
  assert.deepEqual(reasons("example2", { email: "kim@example.com" }), ["This password is too similar to the e-mail address."]);
  assert.deepEqual(reasons("a long secret", { username: "anna", email: "anna@example.com" }), []);
});
