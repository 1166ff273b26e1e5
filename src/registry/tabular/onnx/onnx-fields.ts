/** The field numbers of the ONNX schema (onnx-ml.proto) that a tree ensemble uses. */
export const modelField = { irVersion: 1, producer: 2, graph: 7, opset: 8, metadata: 14 } as const;
export const opsetField = { domain: 1, version: 2 } as const;
export const graphField = { node: 1, name: 2, input: 11, output: 12 } as const;
export const nodeField = { input: 1, output: 2, name: 3, operator: 4, attribute: 5, domain: 7 } as const;
export const attributeField = {
  name: 1,
  float: 2,
  integer: 3,
  text: 4,
  tensor: 5,
  floats: 7,
  integers: 8,
  texts: 9,
  type: 20,
} as const;
export const tensorField = { dims: 1, type: 2, raw: 9 } as const;
export const valueField = { name: 1, type: 2 } as const;
export const typeField = { tensor: 1, elementType: 1, shape: 2, dim: 1, dimValue: 1, dimParam: 2 } as const;
export const entryField = { key: 1, value: 2 } as const;

export const attributeType = { float: 1, integer: 2, text: 3, tensor: 4, floats: 6, integers: 7, texts: 8 } as const;
export const elementType = { float: 1, text: 8, double: 11 } as const;

/** The metadata entry that holds, as JSON, what the graph alone does not say of a model's columns. */
export const metadataKey = "cortado.tabular";
