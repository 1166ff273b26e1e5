import type { HostedFile, ModelFile, OnnxFile } from "../backends/sessions.ts";
import type { AnsweredBodies, BodyRun } from "../engines/runtime.ts";
import type { UnreadBody, WrittenBody } from "../engines/unread-body.ts";
import type { Signature } from "../tensors/signature.ts";
import type { Tensors } from "../tensors/tensor.ts";
import type { HostProblem } from "./host-problem.ts";

/** What a host is asked over its control channel. */
export type HostRequest = { id: number; type: "load"; task: LoadTask } | ({ id: number } & TrialTask);

/** What is done with a model file that no host holds yet. */
export type TrialTask = { type: "inspect"; request: InspectRequest } | { type: "examine"; request: ExamineRequest };

/** What came of it. */
export type TrialReply = { value: unknown } | HostProblem;

/** What to hold, and where to answer for it. What has the same key is held once, however many ask for it. */
export interface LoadTask extends HostLine {
  hosted: HostedFile;
  key: string;
}

/** Where one who asks speaks to a model. */
export interface HostLine {
  address: string;
  /** The path of the spill files, without their ends. */
  spill: string;
}

/** What a thread that holds a model is told by the host's main thread: to answer on another line, or that nobody needs it. */
export type ThreadRequest = ({ id: number } & HostLine) | "end";

/** What it answers: that the line is open, that the last one is closed, or why it holds nothing. */
export type ThreadReply = { id: number } | "idle" | HostProblem;

/** What it answers; and, unasked, the bytes that it occupies, when they have changed. */
export type HostReply = { id: number; value: unknown } | ({ id: number } & HostProblem) | { memory: number };

/** A model file to try. */
export type InspectRequest = ModelFile & Trial;

/** How a model file is tried. */
export interface Trial {
  /** Where the file lies; nothing outside this folder may be read. */
  directory: string;
  /** Sets of inputs to run; made up from the signature when there are none. */
  warmUp?: PlainTensor[][] | undefined;
  /** Also finds out whether rows can be run together. */
  probe: boolean;
}

/** A model file to measure. */
export interface ExamineRequest extends OnnxFile {
  /** Where the file lies; nothing outside this folder may be read. */
  directory: string;
  /** Rows to run; made up from the signature when there are none. */
  rows?: PlainTensor[][] | undefined;
  /** What sizes beyond the first are, where they vary, by input. */
  shapes?: Readonly<Record<string, readonly number[]>> | undefined;
  /** False to look at the file and load it only. */
  measure: boolean;
}

/** A tensor as a message between processes carries it. */
export interface PlainTensor {
  name: string;
  datatype: string;
  shape: readonly number[];
  data: Tensors[string]["data"];
}

/** What a host is told of bodies that it reads, runs together and answers. They are the frame's tensors, by their place. */
export interface BodyTask extends BodyRun {
  model: string;
  signature: Signature;
  bodies: readonly Omit<UnreadBody, "bytes">[];
}

/** What a host says of bodies that it answered, of each in its order. The answers are the frame's tensors, by their place. */
export interface BodyNote extends Omit<AnsweredBodies, "answers"> {
  bodies: readonly (Omit<WrittenBody, "bytes"> | BodyRefusal)[];
}

/** Why a host refused a body. */
export interface BodyRefusal {
  code: string;
  message: string;
  hint?: string | undefined;
}
