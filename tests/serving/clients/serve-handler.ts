import { after } from "node:test";
import { handler, ModelServer, type Runtime } from "cortado/serving";

/** A started model server of one handler, which some runtime runs; closed after the test. */
export async function serveHandler(name: string, runtime: Runtime): Promise<ModelServer> {
  const models = new ModelServer({ handlers: [handler({ name, runtime })], access: "public", log: { info() {}, warn() {} } });
  after(() => models.close());
  await models.start();
  await models.settled();
  return models;
}
