// A handler whose module ends whoever imports it in a thread; imported by its test, and by the process that is to run it.
import { isMainThread } from "node:worker_threads";
import { handler } from "cortado/serving";

if (!isMainThread) process.exit(3);

export const leaving = handler({ name: "leaving", isolate: import.meta.url, inference: (items) => items });
