import { externalLocations } from "./external-data.ts";
import { type Field, readFields, readIntegers, writeField, writeInteger } from "./protobuf.ts";

/**
 * How it works: classifiers exported from scikit-learn end in ZipMap, which makes a list of maps from label to score of the
 * scores, and no protocol sends maps. The node is replaced by one that passes the scores on under the same name, and the
 * output is declared as the tensor it then is. The labels are kept for the signature. Numbers are from onnx.proto.
 */
const MODEL = { graph: 7, opset: 8 };
const GRAPH = { node: 1, output: 12 };
const NODE = { input: 1, output: 2, operator: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, ints: 8, strings: 9 };
const FLOAT = 1;
/** The version of the operators that is named where a model names none; `Identity` is in all of them. */
const OPSET = 13;

interface ZipMap {
  scores: string;
  output: string;
  labels: string[];
}

/** A model without its ZipMap nodes, with the labels by the names of outputs; undefined where there are none to take out. */
export function withoutZipMap(model: Buffer): { model: Buffer; labels: Map<string, readonly string[]> } | undefined {
  const labels = new Map<string, readonly string[]>();
  const parts = [...readFields(model)].map(({ number, value, raw }) =>
    number === MODEL.graph && value ? writeField(MODEL.graph, repairGraph(value, labels)) : raw,
  );
  if (labels.size === 0) return undefined;
  // From bytes, the runtime would look for external data in the folder where the process was started.
  if (externalLocations(model).length > 0) throw new Error("It ends in ZipMap and has external data. Export it without ZipMap.");
  if (!namesDefaultOperators(model))
    parts.push(writeField(MODEL.opset, Buffer.concat([writeField(1, ""), writeInteger(2, OPSET)])));
  return { model: Buffer.concat(parts), labels };
}

function repairGraph(graph: Buffer, labels: Map<string, readonly string[]>): Buffer {
  const fields = [...readFields(graph)];
  const replaced = new Map<Field, Buffer>();
  for (const field of fields) {
    const zipMap = field.number === GRAPH.node ? readZipMap(field.value!) : undefined;
    if (zipMap === undefined) continue;
    labels.set(zipMap.output, zipMap.labels);
    replaced.set(field, writeField(GRAPH.node, identity(zipMap)));
  }
  for (const field of fields) {
    const name = field.number === GRAPH.output ? textOf(field.value!, 1) : undefined;
    const known = name === undefined ? undefined : labels.get(name);
    if (known) replaced.set(field, writeField(GRAPH.output, scoresOutput(name!, known.length)));
  }
  return Buffer.concat(fields.map((field) => replaced.get(field) ?? field.raw));
}

function readZipMap(node: Buffer): ZipMap | undefined {
  if (textOf(node, NODE.operator) !== "ZipMap") return undefined;
  const attributes = [...readFields(node)].filter(({ number }) => number === NODE.attribute);
  const labels = attributes.flatMap(({ value }) =>
    value && textOf(value, ATTRIBUTE.name)?.startsWith("classlabels_") ? labelsOf(value) : [],
  );
  return { scores: textOf(node, NODE.input) ?? "", output: textOf(node, NODE.output) ?? "", labels };
}

/** Integers come one a field, or all in one field. */
function labelsOf(attribute: Buffer): string[] {
  return [...readFields(attribute)].flatMap((field) => {
    if (field.number === ATTRIBUTE.strings) return [field.value!.toString()];
    if (field.number !== ATTRIBUTE.ints) return [];
    return field.integer === undefined ? readIntegers(field.value!).map(String) : [String(field.integer)];
  });
}

function textOf(message: Buffer, wanted: number): string | undefined {
  for (const { number, value } of readFields(message)) if (number === wanted) return value?.toString();
  return undefined;
}

function identity({ scores, output }: ZipMap): Buffer {
  return Buffer.concat([writeField(NODE.input, scores), writeField(NODE.output, output), writeField(NODE.operator, "Identity")]);
}

/** A tensor of floats: so many for each row, of which there may be any number. */
function scoresOutput(name: string, width: number): Buffer {
  const shape = Buffer.concat([writeField(1, ""), writeField(1, writeInteger(1, width))]);
  const tensor = Buffer.concat([writeInteger(1, FLOAT), writeField(2, shape)]);
  return Buffer.concat([writeField(1, name), writeField(2, writeField(1, tensor))]);
}

function namesDefaultOperators(model: Buffer): boolean {
  return [...readFields(model)].some(
    ({ number, value }) => number === MODEL.opset && value && ["", "ai.onnx", undefined].includes(textOf(value, 1)),
  );
}
