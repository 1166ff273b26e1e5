import { AsyncLocalStorage } from "node:async_hooks";
import { type Rendered, templateRendered } from "#templates";

const watched = new AsyncLocalStorage<Rendered[]>();

templateRendered.connect((rendered) => void watched.getStore()?.push(rendered), { id: "cortado.testing" });

/** Runs, and gives what it gave with the templates that it rendered, in their order. */
export async function withRendered<T>(run: () => Promise<T>): Promise<{ result: T; rendered: readonly Rendered[] }> {
  const rendered: Rendered[] = [];
  const result = await watched.run(rendered, run);
  return { result, rendered };
}
