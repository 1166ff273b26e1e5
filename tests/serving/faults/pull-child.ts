/** Pulls what is new again and again, and says which versions came: node pull-child.ts SOURCE FOLDER */
import { pullModels } from "cortado/serving";

const [source, folder] = process.argv.slice(2) as [string, string];
process.stdout.write("ready\n");
for (;;) for (const { version } of await pullModels(source, folder)) process.stdout.write(`${version}\n`);
