import type { AskOptions } from "../../engines/engine.ts";
import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";

/** What the parameters of an inference request ask for. */
export interface InferParameters {
  /** Priority, deadline and sequence. */
  ask: AskOptions;
  /** True where outputs that say nothing themselves are wanted as bytes. */
  binary: boolean;
}

/** The names of parameters that the protocol gives a meaning. */
export const reservedParameters: readonly string[] = [
  "sequence_id",
  "sequence_start",
  "sequence_end",
  "priority",
  "timeout",
  "headers",
  "binary_data_output",
];

const LONGEST_SEQUENCE_ID = 128;

const refuse = (name: string, value: unknown, wanted: string): Error =>
  servingErrors.SERVING_BAD_INPUT({ where: `parameters.${name}`, problem: `is ${describe(value)}, and must be ${wanted}` });

/**
 * Reads a request's parameters, from JSON or from gRPC. Those that the protocol does not name are let be.
 * @throws SERVING_BAD_INPUT
 */
export function readParameters(parameters: unknown): InferParameters {
  if (parameters === undefined) return { ask: {}, binary: false };
  const given = parameterObject(parameters, "parameters");
  const reserved = Object.keys(given).find((name) => name.startsWith("triton_"));
  if (reserved !== undefined)
    throw servingErrors.SERVING_BAD_INPUT({
      where: `parameters.${reserved}`,
      problem: "is a name that the protocol keeps for servers",
    });
  const ask: AskOptions = {};
  const sequence = readSequence(given);
  if (sequence) ask.sequence = sequence;
  const priority = wholeNumber(given, "priority");
  if (priority > 0) ask.priority = priority;
  const timeout = wholeNumber(given, "timeout");
  if (timeout > 0) ask.deadline = timeout / 1000;
  return { ask, binary: flag(given, "binary_data_output") };
}

/** Parameters of a request or of one of its tensors, as an object. @throws SERVING_BAD_INPUT */
export function parameterObject(parameters: unknown, where: string): Record<string, unknown> {
  if (parameters === undefined) return {};
  if (typeof parameters === "object" && parameters !== null && !Array.isArray(parameters))
    return parameters as Record<string, unknown>;
  throw servingErrors.SERVING_BAD_INPUT({ where, problem: `is ${describe(parameters)}, and must be an object` });
}

/** A step of a sequence; no identifier, 0 and "" stand for none. */
function readSequence(given: Record<string, unknown>): AskOptions["sequence"] {
  const { sequence_id: id } = given;
  const start = flag(given, "sequence_start");
  const end = flag(given, "sequence_end");
  const isWhole = typeof id === "bigint" || (typeof id === "number" && Number.isInteger(id) && id >= 0);
  if (id !== undefined && typeof id !== "string" && !isWhole)
    throw refuse("sequence_id", id, "a string or a whole number from 0");
  const name = String(id ?? "");
  // It is kept for as long as the sequence is open.
  if (name.length > LONGEST_SEQUENCE_ID)
    throw servingErrors.SERVING_BAD_INPUT({
      where: "parameters.sequence_id",
      problem: `has ${name.length} characters, and may have ${LONGEST_SEQUENCE_ID}`,
    });
  return name === "" || name === "0" ? undefined : { id: name, start, end };
}

function wholeNumber(given: Record<string, unknown>, name: string): number {
  const value = given[name];
  if (value === undefined) return 0;
  const number = typeof value === "bigint" ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0) return number;
  throw refuse(name, value, "a whole number from 0");
}

function flag(given: Record<string, unknown>, name: string): boolean {
  const value = given[name] ?? false;
  if (typeof value === "boolean") return value;
  throw refuse(name, value, "true or false");
}
