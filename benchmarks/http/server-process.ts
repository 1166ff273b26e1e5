// Started as a child: serves one subject on a free port and reports its CPU time in microseconds when asked.
import { once } from "node:events";
import { pathToFileURL } from "node:url";

const [file, name] = process.argv.slice(2);
const { servers } = (await import(pathToFileURL(file!).href)) as { servers: Record<string, () => Promise<number>> };
const port = await servers[name!]!();
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send!({ cpu: user + system });
});
process.send!({ port });
await once(process, "disconnect");
process.exit(0);
