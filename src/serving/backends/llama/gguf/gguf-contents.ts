import type { FileContents } from "../../../engines/examination.ts";
import type { GgufHead } from "./read-gguf.ts";

/** What mixtures of types are called, by the number that a file has for its own. */
const mixtures: Readonly<Record<number, string>> = {
  10: "Q2_K",
  11: "Q3_K_S",
  12: "Q3_K_M",
  13: "Q3_K_L",
  14: "Q4_K_S",
  15: "Q4_K_M",
  16: "Q5_K_S",
  17: "Q5_K_M",
  21: "Q2_K_S",
  22: "IQ3_XS",
  27: "IQ3_M",
  29: "IQ2_M",
};

/** What the head of a file says of its model. */
export function ggufContents({ architecture, version, size, metadata, numbers }: GgufHead): FileContents {
  const byShare = Object.entries(numbers).sort(([, a], [, b]) => b - a);
  const text = (key: string): string | undefined => {
    const value = metadata.get(key);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const context = Number(metadata.get(`${architecture}.context_length`));
  return {
    producer: text("general.quantized_by") ?? text("general.author") ?? "",
    forms: { GGUF: version },
    operators: {},
    parameters: byShare.reduce((sum, [, count]) => sum + count, 0),
    types: Object.fromEntries(byShare),
    external: [],
    language: {
      architecture,
      name: text("general.name"),
      contextLength: context > 0 ? context : undefined,
      quantization: mixtures[Number(metadata.get("general.file_type"))] ?? byShare[0]![0],
      size,
    },
  };
}
