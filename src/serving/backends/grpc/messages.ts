/** A 64-bit number, as the library gives it. */
export interface Long {
  low: number;
  high: number;
  unsigned: boolean;
}

export type InferParameter = Partial<{
  parameter_choice: "bool_param" | "int64_param" | "string_param" | "double_param" | "uint64_param";
  bool_param: boolean;
  int64_param: Long;
  string_param: string;
  double_param: number;
  uint64_param: Long;
}>;

export type InferParameterMap = Readonly<Record<string, InferParameter>>;

/** The elements of one tensor; only the list of its datatype is filled. */
export interface InferTensorContents {
  bool_contents: boolean[];
  int_contents: number[];
  int64_contents: Long[];
  uint_contents: number[];
  uint64_contents: Long[];
  fp32_contents: number[];
  fp64_contents: number[];
  bytes_contents: Buffer[];
}

export interface InferInputTensor {
  name: string;
  datatype: string;
  shape: Long[];
  parameters: InferParameterMap;
  contents: InferTensorContents | null;
}

export interface ModelInferRequest {
  model_name: string;
  model_version: string;
  id: string;
  parameters: InferParameterMap;
  inputs: InferInputTensor[];
  outputs: { name: string; parameters: InferParameterMap }[];
  raw_input_contents: Buffer[];
}

export interface ModelInferResponse {
  model_name: string;
  model_version: string;
  id: string;
  parameters?: InferParameterMap;
  outputs: { name: string; datatype: string; shape: readonly number[] }[];
  raw_output_contents: Uint8Array[];
}

/** Names a model and, where it is not empty, one of its versions. */
export interface ModelRequest {
  name: string;
  version: string;
}

/** A 64-bit number, exactly. */
export function bigOf({ low, high, unsigned }: Long): bigint {
  return (BigInt(unsigned ? high >>> 0 : high) << 32n) | BigInt(low >>> 0);
}

/** A 64-bit number as a double; beyond 2^53 the nearest. */
export function numberOf({ low, high, unsigned }: Long): number {
  return (unsigned ? high >>> 0 : high) * 2 ** 32 + (low >>> 0);
}

/** Parameters as an object of plain values; whole numbers beyond 2^53 are `bigint`. */
export function plainParameters(parameters: InferParameterMap): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [name, { parameter_choice: kind, ...values }] of Object.entries(parameters)) {
    const value = kind === undefined ? undefined : values[kind];
    plain[name] = isLong(value) ? plainNumber(value) : value;
  }
  return plain;
}

function isLong(value: unknown): value is Long {
  return typeof value === "object" && value !== null && "low" in value;
}

function plainNumber(long: Long): number | bigint {
  const number = numberOf(long);
  return Number.isSafeInteger(number) ? number : bigOf(long);
}
