import { promisify } from "node:util";
import { brotliCompress, constants, gzip, zstdCompress } from "node:zlib";

const gains = /\.(?:css|csv|html?|ico|js|json|map|md|mjs|otf|svg|ttf|txt|wasm|webmanifest|xml)$/;
/** Below this, headers weigh more than what is won. */
const smallest = 512;
/** What a compressed form must save to be worth keeping. */
const worthwhile = 0.9;

/** A way in which a static file lies compressed beside itself. */
export interface CompressedForm {
  /** What its name ends with: `logo.svg.br`. */
  readonly suffix: string;
  /** How `Accept-Encoding` calls it. */
  readonly coding: string;
  compress(content: Buffer): Promise<Buffer>;
}

/** The best first. */
export const compressedForms: readonly CompressedForm[] = [
  {
    suffix: "br",
    coding: "br",
    compress: (content) => promisify(brotliCompress)(content, brotliOptions(content.length)),
  },
  {
    suffix: "zst",
    coding: "zstd",
    compress: (content) => promisify(zstdCompress)(content, { params: { [constants.ZSTD_c_compressionLevel]: 19 } }),
  },
  { suffix: "gz", coding: "gzip", compress: (content) => promisify(gzip)(content, { level: 9 }) },
];

function brotliOptions(size: number): { params: Record<number, number> } {
  // The last level takes minutes for what is large.
  const quality = size > 2_000_000 ? 9 : 11;
  return { params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: size } };
}

/** Whether a file may gain by being compressed: pictures and films are compressed already. */
export function mayGain(name: string): boolean {
  return gains.test(name);
}

/** The compressed forms of a content that gain by it, by their suffixes. */
export async function compressed(content: Buffer): Promise<Map<string, Buffer>> {
  const forms = new Map<string, Buffer>();
  if (content.length < smallest) return forms;
  for (const { suffix, compress } of compressedForms) {
    const form = await compress(content);
    if (form.length < content.length * worthwhile) forms.set(suffix, form);
  }
  return forms;
}
