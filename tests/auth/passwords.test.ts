import assert from "node:assert/strict";
import { createHash } from "node:crypto";
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

test("a password that Django hashed is verified as it is, and is due to be made anew", async () => {
  // Made by Django 5.2, at low costs.
  const hashes = [
    "pbkdf2_sha256$1000$CeVXK1W7Et6sWIlQ0CIJd4$Y6hasH6Ndr89MZH6fopVCUXhbZX0a1IWK3K+4O9BoLc=",
    "pbkdf2_sha1$1000$043hzcK3jpANYfY85vZDpf$Akcb+3pwcVqv1ort4H8TGSYTIdY=",
    "argon2$argon2id$v=19$m=102400,t=2,p=8$OGpPeExzZENkTTRPMnlPWFlZSUpZbQ$eorMRVMH2lU5EVgu9lNrp/uv0f8lMoDOh3z1QI1nqPg",
    "scrypt$16384$HgxvmsnytgF9bySC3x4WQ6$8$5$sbNnLWA6xkGGG2RmsZ8bFtYb+2Jkp0gMNRhy/HHSLmOzCSSGXmsCiGZ35YJkNGPzqNWfneLNXZ48q/qGIqvC+A==",
    "md5$2GJUOZpoxNxyrCW2AtcrDx$1f7bf358b459664e90c69a597a54131b",
    `sha1$salt$${createHash("sha1").update("saltlètmein ☃").digest("hex")}`,
  ];
  for (const hash of hashes) {
    assert.equal(await verifyPassword("lètmein ☃", hash), true, hash);
    assert.equal(await verifyPassword("letmein", hash), false, hash);
    assert.equal(needsRehash(hash), true);
  }
  for (const broken of [
    "pbkdf2_sha256$0$salt$",
    "pbkdf2_sha256$x$y$z",
    "scrypt$1$$1$1$AA==",
    "argon2$argon2x$v=19$m=8,t=1,p=1$c2FsdA$AA",
    "md5$",
    "sha1$salt$",
    "bcrypt$$2b$12$short",
    "bcrypt_sha256$$2b$31$5Dc2RCK8cY6PtkNj2MRzq.CEu6OseX2/Um0KhiEQt3Zy5BDW1gVxG",
  ])
    assert.equal(await verifyPassword("x", broken).catch(() => false), false, broken);
});

test("a password that was hashed with bcrypt is verified where bcryptjs is installed, and else names what to install", async () => {
  const hashes = [
    "bcrypt$$2b$04$5Dc2RCK8cY6PtkNj2MRzq.CEu6OseX2/Um0KhiEQt3Zy5BDW1gVxG",
    "bcrypt_sha256$$2b$04$fq12j7Xf0j2Mh5zFQw9Y0.fvRR18ztFbJcA7zLN0H58HwWYFKsaBK",
  ];
  const isInstalled = await import("bcryptjs" as string).then(
    () => true,
    () => false,
  );
  for (const hash of hashes) {
    assert.equal(needsRehash(hash), true);
    if (isInstalled)
      assert.deepEqual([await verifyPassword("lètmein", hash), await verifyPassword("letmein", hash)], [true, false]);
    else
      await assert.rejects(verifyPassword("lètmein", hash), {
        code: "KERNEL_MISSING_PACKAGE",
        message: 'A password that was hashed with bcrypt needs the package "bcryptjs", which is not installed.',
        hint: "npm install bcryptjs",
      });
  }
});

test("a stored password of another kind is named by its beginning only", async () => {
  await assert.rejects(verifyPassword("x", "crypt_blowfish$secret"), {
    code: "AUTH_BAD_PASSWORD_HASH",
    message:
      'A stored password starts with "crypt_blow", which is neither an argon2id hash nor one of Django\'s (pbkdf2_sha256, pbkdf2_sha1, scrypt, argon2, bcrypt_sha256, bcrypt, md5, sha1).',
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
