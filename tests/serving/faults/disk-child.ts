/** Serves the folder DIR, lets its disk run full, and tells what it answers: node disk-child.ts DIR */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serveDirectory } from "cortado/serving";
import { publish, states } from "../versions/served.ts";

const directory = process.argv[2]!;
for (const version of ["1", "2"]) await publish(directory, version);
const tokenFile = join(directory, ".tokens");
writeFileSync(tokenFile, "a-token-of-this-test\n");
const served = await serveDirectory(directory, { port: 0, tokenFile, log: { info() {}, warn() {} } });
await served.models.settled();

async function ask(method: string, address: string, body: unknown) {
  const answer = await fetch(`${served.url}/api/models/${address}`, {
    method,
    headers: { authorization: "Bearer a-token-of-this-test", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const { version, error } = (await answer.json()) as { version?: string; error?: { code: string; message: string } };
  return { status: answer.status, version, code: error?.code, message: error?.message };
}

/** Takes every byte that is left. */
function fill(): void {
  const block = Buffer.alloc(4096);
  try {
    for (let i = 0; ; i++) writeFileSync(join(directory, `.filler-${i}`), block);
  } catch {}
  for (let i = 0; i < 3; i++) {
    try {
      writeFileSync(join(directory, `.crumb-${i}`), "x");
    } catch {}
  }
}

const predict = () => ask("POST", "times/predict", { input: { x: [1, 1] } });
const before = await ask("PUT", "times/aliases/default", { version: "1" });
fill();
const refused = await ask("PUT", "times/aliases/default", { version: "2" });
const during = await predict();
const newVersion = await publish(directory, "3").then(
  () => "published",
  (error: NodeJS.ErrnoException) => error.code,
);
await served.models.refresh();
const listed = states(served.models);
for (let i = 0; i < 20; i++) rmSync(join(directory, `.filler-${i}`), { force: true });
const after = await ask("PUT", "times/aliases/default", { version: "2" });
const last = await predict();
process.stdout.write(JSON.stringify({ before, refused, during, newVersion, listed, after, last }));
await served.close();
