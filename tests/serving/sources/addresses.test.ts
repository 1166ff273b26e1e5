import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { handler, ModelServer, openSource, type OpenSourceOptions } from "cortado/serving";
import { refusal } from "../refused.ts";

const cache = "/tmp/never-made";
const open = (source: string, options: OpenSourceOptions = {}) => openSource(source, { model: "digits", cache, ...options });
const refused = (source: string, options?: OpenSourceOptions) => {
  try {
    open(source, options);
  } catch (error) {
    return error as Error & { code: string; hint: string };
  }
  throw new assert.AssertionError({ message: `${source} was not refused` });
};

describe("the address of a source", () => {
  it("may name a folder, a bucket, a repository of git or a file on the web", () => {
    for (const source of [
      "file:models/digits",
      "s3://bucket",
      "s3://bucket/models/digits?endpoint=http://minio:9000&region=eu-central-1",
      "github:acme/models",
      "github:acme/models@v1.2#models/digits",
      "github:acme/models@feature/new-one",
      "git+https://git.example.com:8443/ml/models.git@0123456789abcdef0123456789abcdef01234567#digits",
      "https://models.example.com/digits.zip",
      `https://models.example.com/digits.onnx#sha256:${"0a".repeat(32)}`,
    ])
      open(source);
  });

  it("that no repository reads says how addresses begin", () => {
    assert.throws(
      () => open("ftp://example.com/digits"),
      refusal({
        code: "SERVING_UNKNOWN_SOURCE",
        message:
          /^The source "ftp:\/\/example.com\/digits" of the model "digits" cannot be read\. Sources begin with file:, s3:\/\//,
        hint: "A folder of the project is written file:models/NAME.",
      }),
    );
  });

  it("that is not written as one says what is wrong with it", () => {
    const bad: Record<string, RegExp> = {
      "github:acme": /does not name a repository as "github:owner\/repository"/,
      "github:../../etc/passwd": /does not name a repository/,
      "github:acme/..": /does not name a repository/,
      "github:acme/models@--upload-pack=touch": /cannot be a branch, a tag or a commit/,
      "github:acme/models@a..b": /cannot be a branch/,
      "github:acme/models#../../etc": /is not one inside it/,
      "git+https://git.example.com": /names no repository/,
      "git+https://git.example.com/a%2fb.git": /is not a plain name/,
      "https://models.example.com/a%5cb.zip": /is not a plain name/,
      "https://models.example.com/%2e%2e%2fa.zip": /is not a plain name/,
      "https://models.example.com/a\\b.zip": /a space, a backslash or an unprintable character/,
      "https://models.example.com/a\0.zip": /unprintable/,
      "https://models.example.com/%zz.zip": /not written as addresses are/,
      "https://models.example.com/": /names no file/,
      "https://models.example.com/a.zip#sha256:12": /64 hexadecimal digits/,
      "https://models.example.com/a.zip#sha256:../../../etc/passwd": /64 hexadecimal digits/,
      "s3://bucket/a#b": /has a "#"/,
      "s3://": /not a complete address/,
    };
    for (const [source, problem] of Object.entries(bad)) {
      const error = refused(source);
      assert.equal(error.code, "SERVING_BAD_SOURCE", source);
      assert.match(error.message, problem, source);
      assert.match(error.hint, /^For example: s3:\/\/bucket\/digits/);
    }
  });

  it("with credentials in it is refused, and they are not repeated", () => {
    for (const source of [
      "https://ada:secret@models.example.com/a.zip",
      "git+https://secret@git.example.com/ml/models.git",
      "s3://key:secret@bucket/digits",
    ]) {
      const error = refused(source);
      assert.equal(error.code, "SERVING_BAD_SOURCE");
      assert.match(error.message, /has credentials in it/);
      assert.doesNotMatch(error.message + error.hint, /secret/);
    }
    assert.doesNotMatch(refused("https://models.example.com/?token=secret").message, /secret/);
  });
});

describe("the list of allowed sources", () => {
  const notAllowed = (source: string, allow: readonly string[]) => {
    const error = refused(source, { allow });
    assert.equal(error.code, "SERVING_SOURCE_NOT_ALLOWED", source);
    return error;
  };

  it("lets through what lies below one of its entries, name by name", () => {
    open("github:acme/models@v1", { allow: ["github:acme"] });
    open("github:acme/models@v1", { allow: ["github:acme/models"] });
    open("github:acme/models@v1#digits/big", { allow: ["github:acme/models@v1#digits"] });
    open("git+https://git.example.com/ml/models.git", { allow: ["git+https://git.example.com"] });
    open("s3://bucket/models/digits", { allow: ["s3://bucket/models"] });
    open("https://models.example.com/public/a.zip", { allow: ["https://models.example.com/public"] });
  });

  it("refuses what only looks as if it lay below", () => {
    notAllowed("github:acme-evil/models", ["github:acme"]);
    notAllowed("github:acme/models-evil", ["github:acme/models"]);
    notAllowed("github:acme/models@v2#digits", ["github:acme/models@v1#digits"]);
    notAllowed("github:acme/models@v1#digits-evil", ["github:acme/models@v1#digits"]);
    notAllowed("s3://bucket-evil/models", ["s3://bucket/models"]);
    notAllowed("s3://bucket/models/digits?endpoint=https://evil.example.com", ["s3://bucket/models"]);
    notAllowed("https://models.example.com.evil.example/public/a.zip", ["https://models.example.com"]);
    notAllowed("https://models.example.com:8443/public/a.zip", ["https://models.example.com"]);
    notAllowed("https://models.example.com/public/../private/a.zip", ["https://models.example.com/public"]);
    notAllowed("https://models.example.com/publicly/a.zip", ["https://models.example.com/public"]);
    notAllowed("git+https://models.example.com/public/a", ["https://models.example.com/public"]);
    const error = notAllowed("https://other.example.com/a.zip", ["github:acme", "s3://bucket"]);
    assert.equal(
      error.message,
      'Models may not come from "https://other.example.com/a.zip". Allowed are: github:acme, s3://bucket.',
    );
    assert.match(error.hint, /serving\.sources\.allow/);
  });

  it("that is empty lets nothing through; without one, what the project names", () => {
    assert.match(notAllowed("github:acme/models", []).message, /Allowed are: none\./);
    open("github:acme/models");
  });

  it("lets plain http through for this machine alone, and only where it is named", () => {
    open("http://127.0.0.1:9000/a.zip", { allow: ["http://127.0.0.1:9000"] });
    assert.match(refused("http://127.0.0.1:9000/a.zip").hint, /Plain http is for this machine's own servers alone/);
    notAllowed("http://127.0.0.1:9000/a.zip", ["https://127.0.0.1:9000"]);
    notAllowed("http://models.example.com/a.zip", ["http://models.example.com"]);
    notAllowed("http://127.0.0.1.evil.example/a.zip", ["http://127.0.0.1.evil.example"]);
    notAllowed("git+http://git.example.com/ml/models", ["git+http://git.example.com"]);
  });

  it("is asked for every source of a server, before anything is", () => {
    const far = handler({ name: "far", source: "github:acme/models" });
    assert.throws(
      () => new ModelServer({ handlers: [far], sources: { allow: ["s3://bucket"] } }),
      refusal({ code: "SERVING_SOURCE_NOT_ALLOWED" }),
    );
    assert.throws(
      () => new ModelServer({ repositories: ["github:acme/models"], sources: { allow: ["s3://bucket"] } }),
      refusal({ code: "SERVING_SOURCE_NOT_ALLOWED" }),
    );
  });
});
