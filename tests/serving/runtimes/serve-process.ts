// A process that serves a folder of models, as `cortado serve` does: node serve-process.ts DIR PORT
import { serveDirectory } from "cortado/serving";

const [directory, port] = process.argv.slice(2);
const server = await serveDirectory(directory!, { port: Number(port), log: { info() {}, warn() {} } });
await server.models.settled();
console.log(server.url);
