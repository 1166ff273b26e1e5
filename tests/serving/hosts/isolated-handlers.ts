// Handlers that run in processes of their own; imported by their test, and by those processes.
import { z } from "zod";
import { handler, tensor } from "cortado/serving";

let calls = 0;

/** Does what it is told. */
export const daring = handler({
  name: "daring",
  isolate: import.meta.url,
  deadline: 2000,
  input: z.object({ act: z.enum(["add", "throw", "hang", "exit", "abort", "spin", "where"]), x: z.number().default(0) }),
  inference: (items) => Promise.all(items.map((item) => act(item))),
  batch: false,
});

async function act({ act: what, x }: { act: string; x: number }): Promise<unknown> {
  calls++;
  if (what === "throw") throw new Error("it will not");
  if (what === "abort") process.kill(process.pid, "SIGABRT");
  if (what === "hang" || what === "abort") return new Promise(() => {});
  if (what === "exit") return process.exit(3);
  if (what === "spin") for (;;) calls++;
  if (what === "where") return { processId: process.pid, big: 2n ** 60n, when: new Date(0), sizes: tensor("int64", [x]) };
  return x + 1;
}

/** A model with code around it, all of it elsewhere. */
export const scaled = handler({
  name: "scaled",
  source: "file:double",
  isolate: import.meta.url,
  input: z.object({ value: z.number().min(0) }),
  preprocess: ({ value }: { value: number }) => ({ x: tensor("float32", [value, process.pid]) }),
  postprocess: ({ y }) => ({ value: y!.numbers()[0]!, processId: y!.numbers()[1]! / 2 }),
});

export const endless = handler({
  name: "endless",
  isolate: import.meta.url,
  initialize: () => new Promise<void>(() => {}),
  inference: (items) => items,
});

export const elsewhere = handler({
  name: "elsewhere",
  isolate: new URL("../refused.ts", import.meta.url).href,
  inference: (items) => items,
});
