import assert from "node:assert/strict";
import { test } from "node:test";
import { fileField, Form, imageField, imageKind } from "cortado/forms";
import { csrfExempt, path, UploadedFile } from "cortado/http";
import { multipart, openSite } from "../http/open-site.ts";

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);
const file = (name: string, content: Buffer | string, contentType = "image/png") =>
  new UploadedFile({ name, contentType, size: Buffer.byteLength(content), content: Buffer.from(content) });

class Photo extends Form({ photo: imageField() }) {}
class Paper extends Form({ paper: fileField({ required: false, maxLength: 12 }) }) {}

const errorsOf = async (form: Form1) => {
  await form.isValid();
  return (Object.values(form.errors) as string[][]).flatMap((list) => [...list]);
};
type Form1 = InstanceType<typeof Photo> | InstanceType<typeof Paper>;

test("an image is known by its content, not by its name or type", async () => {
  assert.deepEqual(await errorsOf(new Photo({ files: { photo: file("a.png", png) } })), []);
  const invalid = ["Upload a valid image. The file you uploaded was either not an image or a corrupted image."];
  assert.deepEqual(await errorsOf(new Photo({ files: { photo: file("a.png", "<script>alert(1)</script>") } })), invalid);
  assert.deepEqual(await errorsOf(new Photo({ files: { photo: file("a.gif", "<svg onload=alert(1)>") } })), invalid);
  assert.match((await errorsOf(new Photo({ files: { photo: file("a.svg", png) } })))[0]!, /^File extension “svg” is not allowed/);
});

test("the kinds of image are told apart", () => {
  assert.equal(imageKind(png), "png");
  assert.equal(imageKind(Buffer.from([0xff, 0xd8, 0xff, 0xe0])), "jpeg");
  assert.equal(imageKind(Buffer.from("GIF89a")), "gif");
  assert.equal(imageKind(Buffer.from("RIFF\0\0\0\0WEBPVP8 ")), "webp");
  assert.equal(imageKind(Buffer.from("\0\0\0 ftypavif")), "avif");
  assert.equal(imageKind(Buffer.from("RIFF\0\0\0\0WAVE")), undefined);
  assert.equal(imageKind(Buffer.alloc(0)), undefined);
});

test("a file is refused when it is empty, misnamed or no file at all", async () => {
  assert.deepEqual(await errorsOf(new Paper({ files: { paper: file("a.txt", "") } })), ["The submitted file is empty."]);
  assert.deepEqual(await errorsOf(new Paper({ files: { paper: file("a-long-name.txt", "x") } })), [
    "Ensure this filename has at most 12 characters (it has 15).",
  ]);
  assert.deepEqual(await errorsOf(new Paper({ files: { paper: "a.txt" } })), [
    "No file was submitted. Check the encoding type on the form.",
  ]);
  assert.deepEqual(await errorsOf(new Photo({ files: {} })), ["This field is required."]);
});

test("a file that is kept stays, is replaced or is cleared", async () => {
  const kept = {
    name: "old.txt",
    size: 3,
    url: "/media/old.txt",
    bytes: async () => Buffer.from("old"),
    toString: () => "old.txt",
  };
  const paper = async (data: object, files: object) => {
    const form = new Paper({
      data: data as Record<string, unknown>,
      files: files as Record<string, unknown>,
      initial: { paper: kept },
    });
    assert.equal(await form.isValid(), true, JSON.stringify(form.errors));
    return form.cleanedData.paper;
  };
  assert.equal(await paper({}, {}), kept);
  assert.equal(await paper({ "paper-clear": "on" }, {}), false);
  const replaced = file("new.txt", "new");
  assert.equal(await paper({}, { paper: replaced }), replaced);
  const both = new Paper({ data: { "paper-clear": "on" }, files: { paper: replaced }, initial: { paper: kept } });
  assert.deepEqual(await errorsOf(both), ["Please either submit a file or check the clear checkbox, not both."]);
  const html = String(new Paper({ initial: { paper: kept } }).paper.toHtml());
  assert.match(
    html,
    /^Currently: <a href="\/media\/old.txt">old.txt<\/a>\s<input type="checkbox" name="paper-clear" id="paper-clear_id">/,
  );
});

test("a form reads its files from a request, and is unbound for GET", async (t) => {
  const view = async (request: Parameters<typeof Photo.from>[0]) => {
    const form = await Photo.from(request);
    return (await form.isValid()) ? { name: form.cleanedData.photo.name } : { bound: form.isBound, errors: form.errors };
  };
  const site = await openSite(t, [path("photo/", csrfExempt(view))]);
  const post = (name: string, content: Buffer | string) =>
    site.inject({ method: "POST", url: "/photo/", ...multipart({ photo: { name, content } }) });
  assert.deepEqual((await post("me.png", png)).json(), { name: "me.png" });
  const refused = (await post("me.png", "no image")).json();
  assert.equal(refused.bound, true);
  assert.match(refused.errors.photo[0], /^Upload a valid image/);
  assert.deepEqual((await site.inject("/photo/")).json(), { bound: false, errors: {} });
});
