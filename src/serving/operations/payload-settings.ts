/** What is written down of a prediction. */
export interface PayloadRecord {
  /** When it was answered: ISO 8601. */
  time: string;
  requestId?: string | undefined;
  model: string;
  version: string;
  /** What came: items, or tensors by name. Absent where it was too large. */
  inputs?: unknown;
  /** What went: answers in the order of the items. */
  outputs?: unknown;
  /** Why the contents are absent. */
  leftOut?: "size" | "large body" | undefined;
  error?: { code: string; message: string } | undefined;
  /** Milliseconds. */
  queued: number;
  ran: number;
  total: number;
  batch: number;
  cached: boolean;
  streamed: boolean;
}

/** Which predictions are written down, what of them, and where. */
export interface PayloadSettings {
  /** A folder, in which each day (UTC) has a file of JSON lines: `"var/payloads"`; or what takes a record, such as a client of a queue. */
  to: string | ((record: PayloadRecord) => void | Promise<void>);
  /** The share of the requests that is written down, from 0 to 1. Default 1. */
  sample?: number | undefined;
  /** The models whose predictions are. Default: all. */
  models?: readonly string[] | undefined;
  /** Names whose values are left out, at any depth of what came and went: `["pixels", "email"]`. */
  redact?: readonly string[] | undefined;
  /** The most bytes of a record; a larger one is written without its contents. Default 65,536. */
  maxBytes?: number | undefined;
  /** Days after which a file is removed. Default: none is. */
  keepDays?: number | undefined;
}
