import { CortadoError } from "#kernel";
import type { PredictionEvent } from "../models/prediction-event.ts";
import { jsonSafe } from "../tensors/write-json.ts";
import type { PayloadRecord } from "./payload-settings.ts";

/** Whose values are left out, and how large a record may be. */
export interface PayloadForm {
  redact: ReadonlySet<string>;
  maxBytes: number;
}

const REDACTED = "[redacted]";

/** A prediction as a line of JSON, without its contents where these are too large. */
export function payloadLine(event: PredictionEvent, time: Date, form: PayloadForm): string {
  const { inputs, outputs, unread } = event;
  const about = recordOf(event, time);
  if (unread) return JSON.stringify({ ...about, leftOut: "large body" } satisfies PayloadRecord);
  if (fits([inputs, outputs], form.maxBytes)) {
    const safe = { ...about, inputs: jsonSafe(inputs), outputs: jsonSafe(outputs) };
    const line = JSON.stringify(safe, (key, value: unknown) => (form.redact.has(key) ? REDACTED : value));
    if (Buffer.byteLength(line) <= form.maxBytes) return line;
  }
  return JSON.stringify({ ...about, leftOut: "size" } satisfies PayloadRecord);
}

function recordOf({ model, version, options, error, ...event }: PredictionEvent, time: Date): PayloadRecord {
  const { queued, ran, total, batch, cached, streamed } = event;
  return {
    time: time.toISOString(),
    requestId: options.requestId,
    model,
    version,
    ...(error === undefined ? {} : { error: problemOf(error) }),
    queued: rounded(queued),
    ran: rounded(ran),
    total: rounded(total),
    batch,
    cached,
    streamed,
  };
}

const rounded = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

function problemOf(error: unknown): { code: string; message: string } {
  if (error instanceof CortadoError) return { code: error.code, message: error.message };
  return error instanceof Error ? { code: error.name, message: error.message } : { code: "Error", message: String(error) };
}

/** False where a value has more elements or characters than a line may have bytes: then nobody need write it to know. */
function fits(value: unknown, limit: number): boolean {
  let left = limit;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (typeof part === "string") left -= part.length;
    else if (ArrayBuffer.isView(part)) left -= (part as unknown as ArrayLike<number>).length ?? part.byteLength;
    else if (Array.isArray(part)) {
      left -= part.length;
      if (left >= 0) for (const each of part) waiting.push(each);
    } else {
      left--;
      if (typeof part === "object" && part !== null) for (const each of Object.values(part)) waiting.push(each);
    }
    if (left < 0) return false;
  }
  return true;
}
