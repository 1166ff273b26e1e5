import { hostname } from "node:os";
import type { FastifyServerOptions } from "fastify";
import type { AnsweredRequest } from "#http";
import type { ProjectSettings } from "#kernel";
import { takeQuerySummary } from "./request-queries.ts";

interface LogLine {
  level: number;
  time: number;
  reqId?: string;
  msg?: string;
  method?: string;
  url?: string;
  status?: number;
  ms?: number;
  err?: { stack?: string; message?: string; hint?: string };
}

/** What is logged where: a line for people in development, JSON in production, nothing in tests. */
export function requestLog({ mode }: ProjectSettings): FastifyServerOptions["logger"] {
  if (mode === "test") return false;
  if (mode === "production") return { level: "info", stream: together };
  return {
    level: "info",
    stream: { write: (line: string) => void process.stderr.write(forPeople(JSON.parse(line) as LogLine)) },
  };
}

/** Lines that wait to be written, and how far it is filled. */
const waiting = Buffer.alloc(64 * 1024);
let filled = 0;

function writeWaiting(): void {
  if (filled > 0) process.stdout.write(Buffer.from(waiting.subarray(0, filled)));
  filled = 0;
}

process.once("exit", writeWaiting);

/** Lines go out together, ten milliseconds after the first: writing each alone would cost a tenth of a small request. */
const together = {
  write(line: string): void {
    const most = line.length * 3;
    if (most > waiting.length - filled) writeWaiting();
    if (most > waiting.length) return void process.stdout.write(line);
    if (filled === 0) setTimeout(writeWaiting, 10);
    filled += waiting.write(line, filled);
  },
};

const ownProcess = `"pid":${process.pid},"hostname":${JSON.stringify(hostname())}`;
const needsNoEscape = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** What writes the line of an answered request in production. */
export function answerLog({ mode }: ProjectSettings): ((answered: AnsweredRequest) => void) | undefined {
  return mode === "production" ? writeAnswer : undefined;
}

/** The logger's line of an answered request, written by hand: the general way costs a small request a twentieth. */
export function writeAnswer({ reqId, method, url, status, ms }: AnsweredRequest): void {
  const shown = needsNoEscape.test(url) ? `"${url}"` : JSON.stringify(url);
  together.write(
    `{"level":30,"time":${Date.now()},${ownProcess},"reqId":"${reqId}","method":"${method}","url":${shown},"status":${status},"ms":${ms},"msg":"answered"}\n`,
  );
}

/** `02:05:31  GET /coffee/  200  3.1 ms  4 queries in 1.2 ms` */
function forPeople({ time, reqId, method, url, status, ms, msg, err }: LogLine): string {
  // The command says where it listens.
  if (msg?.startsWith("Server listening at ")) return "";
  const clock = new Date(time).toTimeString().slice(0, 8);
  if (method) {
    const queries = takeQuerySummary(reqId);
    return `${clock}  ${method} ${url}  ${status}  ${ms?.toFixed(1)} ms${queries ? `  ${queries}` : ""}\n`;
  }
  return `${clock}  ${[msg, err?.stack ?? err?.message, err?.hint && `hint  ${err.hint}`].filter(Boolean).join("\n")}\n`;
}
