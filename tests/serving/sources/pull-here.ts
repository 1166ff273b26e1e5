// Pulls a source in a process of its own, so that a test can end it: SOURCE DIRECTORY CACHE.
import { pullModels } from "cortado/serving";

const [source, directory, cache] = process.argv.slice(2) as [string, string, string];
const pulled = await pullModels(source, directory, { model: "digits", cache, allow: [source], timeout: 5 });
console.log(JSON.stringify(pulled.map(({ version }) => version)));
