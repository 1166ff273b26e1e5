import { promisify } from "node:util";
import { brotliCompress, constants, gzip, zstdCompress } from "node:zlib";

const gains = /\.(?:css|csv|html?|ico|js|json|map|md|mjs|otf|svg|ttf|txt|wasm|webmanifest|xml)$/;
/** Below this, headers weigh more than what is won. */
const smallest = 512;
/** What a compressed form must save to be worth keeping. */
const worthwhile = 0.9;

const compressors: readonly (readonly [suffix: string, compress: (content: Buffer) => Promise<Buffer>])[] = [
  ["br", (content) => promisify(brotliCompress)(content, brotliOptions(content.length))],
  ["zst", (content) => promisify(zstdCompress)(content, { params: { [constants.ZSTD_c_compressionLevel]: 19 } })],
  ["gz", (content) => promisify(gzip)(content, { level: 9 })],
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
  for (const [suffix, compress] of compressors) {
    const form = await compress(content);
    if (form.length < content.length * worthwhile) forms.set(suffix, form);
  }
  return forms;
}
