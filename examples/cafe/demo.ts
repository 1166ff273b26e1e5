// `npm run demo`: prepares the cafe (tables, penguins, a superuser, a token, a first trained model), serves it, and says where.
import { parseArgs } from "node:util";
import { demoCredentials } from "./demo-credentials.ts";
import { isPortTaken } from "./demo-port.ts";

process.chdir(import.meta.dirname);
const usage = "Usage: npm run demo -- [--port N] [--host ADDRESS] [--reload]";

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string", default: "8000" },
        host: { type: "string", default: "127.0.0.1" },
        reload: { type: "boolean" },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65535)
      throw new Error(`--port is "${values.port}", and must be a number from 0 to 65535.`);
    return { ...values, port };
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

const { port, host, reload } = readArguments();
if (await isPortTaken(host, port)) {
  console.error(
    `Cannot listen on port ${port} of ${host}: another process listens there. Choose another with --port, or stop it.`,
  );
  process.exit(1);
}
const { migrateTables, openProject, openTables, superviseServer } = await import("cortado");
const { default: project } = await import("./cortado.config.ts");
const credentials = demoCredentials(project);

if (reload) {
  process.exit(await superviseServer(project.root, ["runserver", "--no-reload", "--host", host, "--port", String(port)]));
}

console.log("Preparing the tables …");
const tables = await openTables(project);
await migrateTables(tables);
await tables.close();

const site = await openProject(project);
const { prepareAccounts, prepareModel } = await import("./demo-data.ts");
await prepareAccounts(credentials);
await prepareModel(site.services);
const url = await site.listen({ host, port }).catch((error: Error & { hint?: string }) => {
  console.error(`${error.message} ${error.hint ?? ""}`);
  process.exit(1);
});

console.log(`
Cafe is served at ${url}

  coffee list       ${url}/coffee/
  penguins          ${url}/penguins/
  digits            ${url}/digits/
  admin             ${url}/admin/        user admin, password ${credentials.password}
  models            ${url}/api/models

A prediction:

  curl -s ${url}/api/models/penguin-species/predict -H 'content-type: application/json' \\
    -d '{"input": {"island": "Biscoe", "beakLength": 46.1, "beakDepth": 13.2, "flipperLength": 211, "bodyMass": 4500, "sex": "FEMALE"}}'

A training, which makes the next version:

  curl -s -X POST ${url}/api/models/penguin-species/train -H 'authorization: Bearer ${credentials.token}' \\
    -H 'content-type: application/json' -d '{}'

Ctrl-C stops it.`);

const stop = async () => {
  await site.close();
  process.exit(0);
};
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
