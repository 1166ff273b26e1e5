import { importOptional } from "#kernel";
import type { SerializationFormat } from "../formats.ts";
import { readWhole } from "../read-whole.ts";

const loadYaml = () => importOptional("yaml", "YAML fixtures", () => import("yaml"));

/** A YAML list, written a row at a time; read with the schema of YAML 1.2's core, which makes no objects of other types. */
export const yamlFormat: SerializationFormat = {
  name: "yaml",
  extensions: ["yaml", "yml"],
  async *write(rows, { indent = 2 }) {
    const { stringify } = await loadYaml();
    let isEmpty = true;
    for await (const row of rows) {
      isEmpty = false;
      yield stringify([row], { indent: Math.max(indent, 2) });
    }
    if (isEmpty) yield "[]\n";
  },
  async *read(text) {
    const { parse } = await loadYaml();
    const parsed: unknown = parse(await readWhole(text));
    if (parsed === null) return;
    if (!Array.isArray(parsed)) throw new Error("it is not a list of rows");
    yield* parsed;
  },
};
