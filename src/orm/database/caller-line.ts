import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * How it works
 *
 * The line of the program that asked for a statement is the first frame of the stack outside of Cortado. Where a
 * query or a related row is awaited, the language calls it back on a stack of its own; so, while somebody
 * watches, they remember the line that made them, and hand it over just before they send their statement.
 */
const framework = fileURLToPath(new URL("../..", import.meta.url));
const origins = new WeakMap<object, string | undefined>();
let handedOver: string | undefined;

/** The line of the program that is running: `shop/views.ts:12:20`. */
export function callerLine(): string | undefined {
  const limit = Error.stackTraceLimit;
  const holder: { stack?: string } = {};
  try {
    Error.stackTraceLimit = 60;
    Error.captureStackTrace(holder, callerLine);
  } finally {
    Error.stackTraceLimit = limit;
  }
  for (const frame of holder.stack!.split("\n").slice(1)) {
    const place = /(?:\(|at (?:async )?)((?:file:\/\/|\/|[A-Za-z]:\\)[^()]*:\d+:\d+)\)?$/.exec(frame)?.[1];
    if (place === undefined) continue;
    const file = place.startsWith("file:") ? fileURLToPath(place) : place;
    if (!file.startsWith(framework) && !file.includes("node_modules")) return relative(process.cwd(), file);
  }
  return undefined;
}

/** Remembers the line that makes a query, for when it is awaited. */
export function rememberCaller(query: object, derivedFrom?: object): void {
  origins.set(query, callerLine() ?? (derivedFrom && origins.get(derivedFrom)));
}

/** Says that the statement that is sent at once was asked for by the line that made this query. */
export function handOverCaller(query: object): void {
  const line = callerLine() ?? origins.get(query) ?? handedOver;
  handedOver = line;
  // A query that sends nothing leaves its line to nobody.
  queueMicrotask(() => {
    if (handedOver === line) handedOver = undefined;
  });
}

/** A function that sends its statements in the name of the line that runs now. */
export function inNameOfCaller<T>(run: () => T): () => T {
  const line = callerLine();
  return () => {
    handedOver = line;
    return run();
  };
}

/** The line that was handed over, once. */
export function takeCaller(): string | undefined {
  const line = handedOver;
  handedOver = undefined;
  return line;
}
