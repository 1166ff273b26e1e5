/** What files of a kind are, by the end of their names. */
const contentTypes: Readonly<Record<string, string>> = {
  avif: "image/avif",
  bmp: "image/bmp",
  css: "text/css",
  csv: "text/csv",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  eml: "message/rfc822",
  gif: "image/gif",
  gz: "application/gzip",
  htm: "text/html",
  html: "text/html",
  ico: "image/x-icon",
  ics: "text/calendar",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript",
  json: "application/json",
  map: "application/json",
  md: "text/markdown",
  mjs: "text/javascript",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  ogg: "audio/ogg",
  otf: "font/otf",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  tar: "application/x-tar",
  tif: "image/tiff",
  tiff: "image/tiff",
  ttf: "font/ttf",
  txt: "text/plain",
  wasm: "application/wasm",
  wav: "audio/wav",
  webm: "video/webm",
  webmanifest: "application/manifest+json",
  webp: "image/webp",
  woff: "font/woff",
  woff2: "font/woff2",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  xml: "application/xml",
  zip: "application/zip",
};

const isText = /^text\/|^application\/(?:json|xml|manifest\+json)$/;

/** What a file is by its name, `application/octet-stream` where the name does not say: `contentTypeOf("a.png")`. */
export function contentTypeOf(name: string): string {
  const dot = name.lastIndexOf(".");
  const type = dot < 0 ? undefined : contentTypes[name.slice(dot + 1).toLowerCase()];
  return type ?? "application/octet-stream";
}

/** The value of a `Content-Type` header: text is said to be UTF-8. */
export function contentTypeHeader(name: string): string {
  const type = contentTypeOf(name);
  return isText.test(type) ? `${type}; charset=utf-8` : type;
}
