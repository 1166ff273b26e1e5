import { createHash } from "node:crypto";
import type { ResponseCacheOptions } from "../handlers/handler.ts";
import { copyAsBytes, valueOfCopy } from "../tensors/copied-value.ts";
import { noTensors, Tensor, type Tensors } from "../tensors/tensor.ts";

const MAX_SIZE = 1000;
const MAX_BYTES = 64 * 2 ** 20;
/** What an entry takes besides its contents, about. */
const OVERHEAD = 200;

interface Kept {
  value: Buffer | Tensors;
  bytes: number;
  /** When it is asked for anew. */
  expires: number;
}

/**
 * Answers of one version by the digest of what was asked. What goes in and comes out are copies: no caller can change what the
 * next one gets. What was used longest ago goes first.
 */
export class ResponseCache {
  readonly #kept = new Map<string, Kept>();
  readonly #maxSize: number;
  readonly #maxBytes: number;
  readonly #milliseconds: number;
  #bytes = 0;

  constructor({ maxSize = MAX_SIZE, maxBytes = MAX_BYTES, seconds = Number.POSITIVE_INFINITY }: ResponseCacheOptions) {
    this.#maxSize = maxSize;
    this.#maxBytes = maxBytes;
    this.#milliseconds = seconds * 1000;
  }

  tensors(key: string): Tensors | undefined {
    const value = this.#find(key) as Tensors | undefined;
    return value && copied(value);
  }

  keepTensors(key: string, tensors: Tensors): void {
    this.#keep(key, copied(tensors), sizeOf(tensors));
  }

  /** An answer that is anything; `undefined` in a box is told from none. */
  item(key: string): { value: unknown } | undefined {
    const value = this.#find(key) as Buffer | undefined;
    return value && { value: valueOfCopy(value) };
  }

  /** What cannot be copied is not kept. */
  keepItem(key: string, item: unknown): void {
    const value = serialized(item);
    if (value !== undefined) this.#keep(key, value, value.byteLength);
  }

  #find(key: string): Kept["value"] | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    if (kept.expires < performance.now()) {
      this.#bytes -= kept.bytes;
      return undefined;
    }
    // What is used moves to the end: the first is the one used longest ago.
    this.#kept.set(key, kept);
    return kept.value;
  }

  #keep(key: string, value: Kept["value"], contents: number): void {
    const bytes = contents + OVERHEAD;
    if (bytes > this.#maxBytes) return;
    this.#drop(key);
    this.#kept.set(key, { value, bytes, expires: performance.now() + this.#milliseconds });
    this.#bytes += bytes;
    while (this.#bytes > this.#maxBytes || this.#kept.size > this.#maxSize) this.#drop(this.#kept.keys().next().value!);
  }

  #drop(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }
}

/** A digest of tensors: names, types, shapes and elements. */
export function tensorsKey(tensors: Tensors): string {
  const hash = createHash("sha256");
  for (const name of Object.keys(tensors).sort()) {
    const { datatype, shape, data } = tensors[name]!;
    hash.update(JSON.stringify([name, datatype, shape]));
    if (Array.isArray(data)) hash.update(JSON.stringify(data));
    else hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("base64");
}

/** A digest of an item; undefined for what cannot be copied, such as functions. */
export function itemKey(item: unknown): string | undefined {
  const bytes = serialized(item);
  return bytes && createHash("sha256").update(bytes).digest("base64");
}

function serialized(value: unknown): Buffer | undefined {
  try {
    return copyAsBytes(value);
  } catch {
    return undefined;
  }
}

function copied(tensors: Tensors): Tensors {
  const copies = noTensors();
  for (const name in tensors) {
    const { datatype, shape, data } = tensors[name]!;
    copies[name] = new Tensor(datatype, [...shape], data.slice());
  }
  return copies;
}

function sizeOf(tensors: Tensors): number {
  let bytes = 0;
  for (const name in tensors) {
    const { data } = tensors[name]!;
    bytes += Array.isArray(data) ? data.reduce((sum, text) => sum + 2 * text.length + 16, 0) : data.byteLength;
  }
  return bytes;
}
