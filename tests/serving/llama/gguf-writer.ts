import { writeFileSync } from "node:fs";

const TYPES = { uint32: 4, int32: 5, float: 6, bool: 7, string: 8 } as const;
const LIST = 9;
const ALIGNMENT = 32;

type GgufType = keyof typeof TYPES;

/** A value of a file's metadata: one, or a list. */
export interface GgufValue {
  type: GgufType;
  value: string | number | boolean | readonly (string | number)[];
}

export interface GgufTensor {
  name: string;
  shape: readonly number[];
  data: Float32Array;
  /** What the file says, where it is to lie. */
  says?: { offset?: number; shape?: readonly number[]; type?: number };
}

/** Where a file lies about its numbers. */
export interface GgufLies {
  version?: number;
  tensors?: bigint;
  entries?: bigint;
}

/** The bytes of a GGUF file of version 3. */
export function ggufBytes(
  metadata: Readonly<Record<string, GgufValue>>,
  tensors: readonly GgufTensor[],
  lies: GgufLies = {},
): Buffer {
  const head: Buffer[] = [];
  const uint32 = (value: number) => head.push(Buffer.from(Uint32Array.of(value).buffer));
  const uint64 = (value: bigint | number) => head.push(Buffer.from(BigUint64Array.of(BigInt(value)).buffer));
  const string = (text: string) => head.push((uint64(Buffer.byteLength(text)), Buffer.from(text)));
  const scalar = (type: GgufType, value: unknown) => {
    if (type === "string") string(value as string);
    else if (type === "bool") head.push(Buffer.of(value ? 1 : 0));
    else if (type === "float") head.push(Buffer.from(Float32Array.of(value as number).buffer));
    else uint32((value as number) >>> 0);
  };
  head.push(Buffer.from("GGUF"));
  uint32(lies.version ?? 3);
  uint64(lies.tensors ?? tensors.length);
  uint64(lies.entries ?? Object.keys(metadata).length);
  for (const [key, { type, value }] of Object.entries(metadata)) {
    string(key);
    if (Array.isArray(value)) {
      uint32(LIST);
      uint32(TYPES[type]);
      uint64(value.length);
      for (const each of value) scalar(type, each);
    } else {
      uint32(TYPES[type]);
      scalar(type, value);
    }
  }
  let offset = 0;
  for (const { name, shape, data, says = {} } of tensors) {
    const told = says.shape ?? shape;
    string(name);
    uint32(told.length);
    for (const size of told) uint64(size);
    uint32(says.type ?? 0);
    uint64(says.offset ?? offset);
    offset += padded(data.byteLength);
  }
  const parts = [Buffer.concat(head), ...tensors.map(({ data }) => Buffer.from(data.buffer))];
  return Buffer.concat(parts.flatMap((part) => [part, Buffer.alloc(padded(part.byteLength) - part.byteLength)]));
}

const padded = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

export function writeGguf(path: string, ...content: Parameters<typeof ggufBytes>): void {
  writeFileSync(path, ggufBytes(...content));
}
