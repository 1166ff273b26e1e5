/** Models that trouble others, with some that must not notice, served by a process of their own: node neighbours.ts DIR */
import { createServer, include, path, Resolver } from "cortado/http";
import { handler, healthUrls, ModelServer, modelUrls, onnx, python } from "cortado/serving";

const own = { access: "public", batch: false, deadline: 1500 } as const;

/** A handler's own functions, in a process of their own. */
export const isolated = handler({
  ...own,
  name: "isolated",
  isolate: import.meta.url,
  inference: (items: { act: string; x?: number }[]) => Promise.all(items.map(({ act: what, x = 0 }) => act(what, x))),
});

async function act(what: string, x: number): Promise<unknown> {
  if (what === "throw") throw new Error("it will not");
  if (what === "exit") return process.exit(3);
  if (what === "abort") process.kill(process.pid, "SIGABRT");
  if (what === "crash") queueMicrotask(() => void Promise.reject(new Error("nobody catches it")));
  if (["hang", "crash", "abort"].includes(what)) return new Promise(() => {});
  if (what === "spin") for (;;) x++;
  return x + 1;
}

if (import.meta.main) {
  const [root] = process.argv.slice(2);
  const doubled = handler({ name: "doubled", access: "public", source: "file:double" });
  const endless = handler({ ...own, name: "endless", source: "file:endless" });
  const greedy = handler({
    ...own,
    name: "greedy",
    source: "file:greedy",
    deadline: 20_000,
    runtime: onnx({ memory: 400 * 2 ** 20 }),
  });
  const module = `${import.meta.dirname}/bad.py`;
  const snake = handler<any, any, any, any, any>({ ...own, name: "snake", runtime: python({ module, memory: 300 * 2 ** 20 }) });
  const tame = handler<any, any, any, any, any>({ ...own, name: "tame", deadline: 20_000, runtime: python({ module }) });
  const models = new ModelServer({
    handlers: [isolated, doubled, endless, greedy, snake, tame],
    root: root!,
    log: { info() {}, warn: (message) => process.stderr.write(`${message}\n`) },
  });
  const resolver = new Resolver([path("api/", include(modelUrls())), ...healthUrls()]);
  const settings = { apps: [], secretKey: "x".repeat(50), mode: "production", root, allowedHosts: ["*"], appendSlash: false };
  const server = await createServer({
    services: { settings, models, resolver } as any,
    resolver,
    static: { prefix: "/static/", directories: [] },
  });
  await models.start();
  await models.settled();
  console.log(await server.listen({ host: "127.0.0.1", port: 0 }));
}
