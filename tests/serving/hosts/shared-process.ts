// A web process that shares the machine's host; its test starts several.
import { ModelServer } from "cortado/serving";

const [directory, shared] = process.argv.slice(2);
const server = new ModelServer({ directories: [directory!], hosts: { shared } });
await server.start();
await server.settled();

process.on("message", async ({ id, x }: { id: number; x: number }) => {
  const answer = await server.predict("double", [{ x: [x, x] }]).catch((error: Error) => error);
  const processIds = server.hosts.processIds();
  process.send!({ id, processIds, ...(answer instanceof Error ? { problem: answer.message } : { output: answer.outputs[0] }) });
});
process.on("disconnect", () => void server.close().then(() => process.exit(0)));
process.send!({ id: 0 });
