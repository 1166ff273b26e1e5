import { serializationErrors } from "./errors.ts";
import { jsonFormat } from "./json-format.ts";
import { jsonLinesFormat } from "./json-lines-format.ts";
import type { SerializedRow } from "./serialized-row.ts";
import { yamlFormat } from "./backends/yaml-format.ts";

/** How rows are written as text, and read from it. */
export interface SerializationFormat {
  readonly name: string;
  /** Endings of files, without the dot; the first is the one that is written. */
  readonly extensions: readonly string[];
  write(rows: AsyncIterable<SerializedRow>, options: { indent?: number | undefined }): AsyncIterable<string>;
  /** Gives what stands in the text, not yet checked. An error's message says why the text is not of the format. */
  read(text: AsyncIterable<string>): AsyncIterable<unknown>;
}

const formats = new Map<string, SerializationFormat>();
for (const format of [jsonFormat, jsonLinesFormat, yamlFormat]) formats.set(format.name, format);

/** Adds a format of one's own, or puts another in a format's place. */
export function registerFormat(format: SerializationFormat): void {
  formats.set(format.name, format);
}

/** A format by its name. @throws SERIALIZATION_UNKNOWN_FORMAT */
export function formatNamed(name: string): SerializationFormat {
  const found = formats.get(name);
  if (found === undefined) throw serializationErrors.SERIALIZATION_UNKNOWN_FORMAT({ given: name, known: [...formats.keys()] });
  return found;
}

/** The format of a file by its ending. */
export function formatOfExtension(extension: string): SerializationFormat | undefined {
  return [...formats.values()].find((format) => format.extensions.includes(extension));
}

/** Every ending that a format has. */
export function knownExtensions(): string[] {
  return [...formats.values()].flatMap((format) => format.extensions);
}
