import type { HostedFile } from "../backends/sessions.ts";
import type { Tensors } from "../tensors/tensor.ts";

/** What a host is asked over its control channel. */
export type HostRequest = { id: number; type: "load"; task: LoadTask } | { id: number; type: "inspect"; request: InspectRequest };

/** A model file to hold, and where to answer for it. */
export interface LoadTask extends HostedFile {
  address: string;
  /** The path of the spill files, without their ends. */
  spill: string;
}

/** What it answers; and, unasked, the bytes that it occupies, when they have changed. */
export type HostReply = { id: number; value: unknown } | { id: number; problem: string } | { memory: number };

/** A model file to try. */
export interface InspectRequest extends HostedFile {
  /** Where the file lies; nothing outside this folder may be read. */
  directory: string;
  /** Sets of inputs to run; made up from the signature when there are none. */
  warmUp?: PlainTensor[][] | undefined;
  /** Also finds out whether rows can be run together. */
  probe: boolean;
}

/** A tensor as a message between processes carries it. */
export interface PlainTensor {
  name: string;
  datatype: string;
  shape: readonly number[];
  data: Tensors[string]["data"];
}
