import assert from "node:assert/strict";
import { test } from "node:test";
import { contentKind, fileField, Form, imageField, multipleFileField } from "cortado/forms";
import { csrfExempt, type HttpRequest, path, UploadedFile } from "cortado/http";
import { multipart, openSite } from "../http/open-site.ts";

const png = (width: number, height: number) => {
  const head = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
  const size = Buffer.alloc(17);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  return Buffer.concat([head, size]);
};
const file = (name: string, content: Buffer | string) =>
  new UploadedFile({ name, contentType: "image/png", size: Buffer.byteLength(content), content: Buffer.from(content) });
const refusal = async (field: { clean(raw: unknown): Promise<unknown> }, given: UploadedFile) =>
  field.clean(given).then(
    () => undefined,
    (error: { messages: string[]; codes: string[] }) => [error.codes[0], error.messages[0]],
  );

test("a file field accepts kinds, by name and by content", async () => {
  const field = fileField({ accept: ["application/pdf", "image/*", ".csv"] });
  for (const good of [file("a.pdf", "%PDF-1.7"), file("a.PNG", png(1, 1)), file("a.csv", "a,b"), file("pdf", "%PDF-1.4")])
    assert.equal(await refusal(field, good), undefined, good.name);
  const kind = ["invalid_type", "Files of this kind are not accepted. Accepted are: application/pdf, image/*, .csv."];
  const mismatch = ["content_mismatch", "The file's content is not what its name says."];
  assert.deepEqual(await refusal(field, file("a.txt", "text")), kind);
  assert.deepEqual(await refusal(field, file("a.zip", "PK\x03\x04")), kind);
  assert.deepEqual(await refusal(field, file("page", "<html>")), kind);
  for (const [name, content] of [
    ["a.pdf", "PK\x03\x04"],
    ["a.pdf", "MZ\x90"],
    ["a.png", "<script>alert(1)</script>"],
    ["a.csv", "\ufeff <!-- x --> <!DOCTYPE html><script>"],
    ["a.png", "<?xml version='1.0'?><svg onload=alert(1)>"],
    ["a.gif", png(1, 1)],
  ] as const)
    assert.deepEqual(await refusal(field, file(name, content)), mismatch, `${name} ${String(content)}`);
  const office = fileField({ accept: [".docx"] });
  assert.equal(await refusal(office, file("a.docx", "PK\x03\x04")), undefined);
});

test("a file field says what it accepts to the browser", async () => {
  class Upload extends Form({
    paper: fileField({ accept: [".pdf", "image/*"] }),
    photo: imageField(),
    own: imageField({ accept: ["image/png"] }),
  }) {}
  const text = String(await new Upload().asP);
  assert.match(text, /accept="\.pdf,image\/\*"/);
  assert.match(text, /accept="image\/\*"/);
  assert.match(text, /accept="image\/png"/);
});

test("a file is limited in size, an image in pixels", async () => {
  const small = fileField({ maxSize: 1500 });
  assert.equal(await refusal(small, file("a", "x".repeat(1500))), undefined);
  assert.deepEqual(await refusal(small, file("a", "x".repeat(2345))), [
    "max_size",
    "Ensure this file is at most 1.5 KB (it is 2.3 KB).",
  ]);
  const image = imageField({ maxWidth: 800, maxHeight: 600, minWidth: 10, minHeight: 10 });
  assert.equal(await refusal(image, file("a.png", png(800, 600))), undefined);
  assert.deepEqual(await refusal(image, file("a.png", png(801, 10))), [
    "image_too_large",
    "Ensure this image is at most 800 × 600 pixels (it is 801 × 10).",
  ]);
  assert.deepEqual(await refusal(image, file("a.png", png(9, 10))), [
    "image_too_small",
    "Ensure this image is at least 10 × 10 pixels (it is 9 × 10).",
  ]);
  assert.match((await refusal(imageField({ maxWidth: 5 }), file("a.png", png(9, 1))))![1]!, /at most 5 pixels wide \(it is 9\)/);
  assert.match((await refusal(imageField({ maxHeight: 5 }), file("a.png", png(1, 9))))![1]!, /at most 5 pixels high \(it is 9\)/);
  assert.deepEqual(await refusal(imageField({ maxWidth: 5 }), file("a.bmp", "BM......")), [
    "unknown_image_size",
    "The size of this image cannot be told. Send a PNG, JPEG, GIF or WebP.",
  ]);
  const several = multipleFileField({ maxSize: 2 });
  await assert.rejects(several.clean([file("a", "xx"), file("b", "xxx")]), /3 bytes/);
});

test("what the project's scan refuses stands at the form's field", async (t) => {
  class Paper extends Form({ paper: fileField() }) {}
  const view = csrfExempt(async (request: HttpRequest) => {
    const form = await Paper.from(request);
    return { valid: await form.isValid(), errors: form.errors };
  });
  const uploads = {
    scan: async (scanned: UploadedFile) => ((await scanned.text()).includes("EICAR") ? "This file holds a virus." : undefined),
  };
  const site = await openSite(t, [path("", view)], { settings: { uploads } });
  const send = async (content: string) =>
    (await site.inject({ method: "POST", url: "/", ...multipart({ paper: { name: "a.txt", content } }) })).json();
  assert.deepEqual(await send("clean"), { valid: true, errors: {} });
  assert.deepEqual(await send("EICAR"), { valid: false, errors: { paper: ["This file holds a virus."] } });
});

test("contents are known by their beginnings", () => {
  const kinds: [string | Buffer, string | undefined][] = [
    ["%PDF-1.7", "application/pdf"],
    ["#!/bin/sh", "application/x-shellscript"],
    ["\x7fELF", "application/x-elf"],
    [Buffer.concat([Buffer.alloc(257), Buffer.from("ustar")]), "application/x-tar"],
    ["RIFF\0\0\0\0WAVE", "audio/wav"],
    ["\0\0\0\x18ftypmp42", "video/mp4"],
    [png(1, 1), "image/png"],
    ["\n<svg xmlns=''>", "image/svg+xml"],
    ["<!doctype HTML>", "text/html"],
    ["just text", undefined],
    ["", undefined],
    ["< 5 is less", undefined],
  ];
  for (const [content, kind] of kinds) assert.equal(contentKind(Buffer.from(content as string, "latin1")), kind, String(content));
});
