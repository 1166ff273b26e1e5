import { createServer } from "node:net";

/** Whether another process listens there: asked before anything changes, so that a demo already running keeps its log-in. */
export function isPortTaken(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => done(error.code === "EADDRINUSE"));
    probe.listen({ host, port }, () => probe.close(() => done(false)));
  });
}
