import {
  attributeField,
  attributeType,
  elementType,
  entryField,
  graphField,
  modelField,
  nodeField,
  opsetField,
  tensorField,
  typeField,
  valueField,
} from "./onnx-fields.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/** An attribute: doubles become a tensor, the form in which ONNX keeps them exact. */
export type AttributeValue =
  | { integer: number }
  | { float: number }
  | { text: string }
  | { floats: Iterable<number> }
  | { integers: Iterable<number> }
  | { texts: readonly string[] }
  | { doubles: Float64Array };

export interface OnnxNode {
  operator: string;
  /** "" is ONNX's own operators, "ai.onnx.ml" those of classical models. */
  domain: "" | "ai.onnx.ml";
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, AttributeValue>>;
}

export interface OnnxValue {
  name: string;
  type: keyof typeof elementType;
  /** A name stands for any size. */
  shape: readonly (number | string)[];
}

export interface OnnxGraph {
  name: string;
  nodes: readonly OnnxNode[];
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
  metadata: Readonly<Record<string, string>>;
}

/** The bytes of an ONNX file. The same graph gives the same bytes. */
export function writeOnnx(graph: OnnxGraph): Uint8Array {
  const model = new ProtobufWriter().integer(modelField.irVersion, 8).text(modelField.producer, "cortado");
  model.message(modelField.graph, (message) => writeGraph(message, graph));
  for (const [domain, version] of [
    ["", 17],
    ["ai.onnx.ml", 3],
  ] as const) {
    model.message(modelField.opset, (opset) => opset.text(opsetField.domain, domain).integer(opsetField.version, version));
  }
  for (const [key, value] of Object.entries(graph.metadata)) {
    model.message(modelField.metadata, (entry) => entry.text(entryField.key, key).text(entryField.value, value));
  }
  return model.finish();
}

function writeGraph(message: ProtobufWriter, graph: OnnxGraph): void {
  for (const node of graph.nodes) message.message(graphField.node, (inner) => writeNode(inner, node));
  message.text(graphField.name, graph.name);
  for (const input of graph.inputs) message.message(graphField.input, (inner) => writeValue(inner, input));
  for (const output of graph.outputs) message.message(graphField.output, (inner) => writeValue(inner, output));
}

function writeNode(message: ProtobufWriter, node: OnnxNode): void {
  for (const input of node.inputs) message.text(nodeField.input, input);
  for (const output of node.outputs) message.text(nodeField.output, output);
  message.text(nodeField.name, node.outputs[0]!).text(nodeField.operator, node.operator);
  for (const [name, value] of Object.entries(node.attributes)) {
    message.message(nodeField.attribute, (attribute) => writeAttribute(attribute.text(attributeField.name, name), value));
  }
  message.text(nodeField.domain, node.domain);
}

function writeAttribute(message: ProtobufWriter, value: AttributeValue): void {
  if ("integer" in value)
    message.integer(attributeField.integer, value.integer).integer(attributeField.type, attributeType.integer);
  else if ("text" in value) message.text(attributeField.text, value.text).integer(attributeField.type, attributeType.text);
  else if ("integers" in value)
    message.integers(attributeField.integers, value.integers).integer(attributeField.type, attributeType.integers);
  else if ("float" in value) message.float(attributeField.float, value.float).integer(attributeField.type, attributeType.float);
  else if ("floats" in value) {
    message
      .bytes(attributeField.floats, bytesOf(Float32Array.from(value.floats)))
      .integer(attributeField.type, attributeType.floats);
  } else if ("texts" in value) {
    for (const text of value.texts) message.text(attributeField.texts, text);
    message.integer(attributeField.type, attributeType.texts);
  } else {
    message.message(attributeField.tensor, (tensor) => writeDoubles(tensor, value.doubles));
    message.integer(attributeField.type, attributeType.tensor);
  }
}

function writeDoubles(message: ProtobufWriter, values: Float64Array): void {
  message.integers(tensorField.dims, [values.length]);
  message.integer(tensorField.type, elementType.double);
  message.bytes(tensorField.raw, bytesOf(values));
}

/** ONNX keeps numbers little-endian, as does every machine that Node runs on. */
function bytesOf(values: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function writeValue(message: ProtobufWriter, value: OnnxValue): void {
  message.text(valueField.name, value.name).message(valueField.type, (type) =>
    type.message(typeField.tensor, (tensor) => {
      tensor.integer(typeField.elementType, elementType[value.type]);
      tensor.message(typeField.shape, (shape) => {
        for (const size of value.shape) shape.message(typeField.dim, (dim) => writeDimension(dim, size));
      });
    }),
  );
}

function writeDimension(message: ProtobufWriter, size: number | string): void {
  if (typeof size === "number") message.integer(typeField.dimValue, size);
  else message.text(typeField.dimParam, size);
}
