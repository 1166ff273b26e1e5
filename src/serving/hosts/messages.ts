import type { Tensors } from "../tensors/tensor.ts";

/** What a host is asked over its control channel. */
export type HostRequest = { id: number; type: "load"; task: LoadTask } | { id: number; type: "inspect"; request: InspectRequest };

/** A model file to hold, and where to answer for it. */
export interface LoadTask {
  file: string;
  address: string;
  /** The path of the spill files, without their ends. */
  spill: string;
}

/** What it answers. */
export type HostReply = { id: number; value: unknown } | { id: number; problem: string };

/** A model file to try. */
export interface InspectRequest {
  /** Where the file lies; nothing outside this folder may be read. */
  directory: string;
  file: string;
  /** Rows to run, as sets of inputs; made up from the signature when there are none. */
  warmUp?: { name: string; datatype: string; shape: readonly number[]; data: Tensors[string]["data"] }[][] | undefined;
  /** Also finds out whether rows can be run together. */
  probe: boolean;
}
