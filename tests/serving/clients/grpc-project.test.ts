import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createToken } from "cortado/auth";
import { type TestSite, testSite } from "cortado/testing";
import { User } from "../../../examples/cafe/accounts/models.ts";
import { freePort } from "../../../scripts/free-port.ts";
import project from "../../api/project.ts";
import { GrpcClient } from "./grpc-client.ts";

let site: TestSite;
let client: GrpcClient;
let manager: string;

before(async () => {
  const port = await freePort();
  site = await testSite({ ...project, serving: { grpc: { port }, serverName: "triton" } });
  const ada = await User.objects.createSuperuser({ username: "ada", email: "ada@example.com", password: "a-long-passphrase-1" });
  manager = await createToken(ada, ["manage"]);
  await site.listen();
  client = new GrpcClient(`127.0.0.1:${port}`);
});

after(async () => {
  client.close();
  await site.close();
});

describe("gRPC in a project", () => {
  it("is spoken where serving.grpc says so, under the project's own name", async () => {
    const { answer, details } = await client.call("ServerMetadata");
    assert.equal(answer?.name, "triton", details);
    assert.equal((await client.checkHealth()).code, 0);
  });

  it("takes the project's tokens with their scopes, and shows strangers what is public", async () => {
    const names = async (token?: string) =>
      (await client.call("RepositoryIndex", {}, token === undefined ? {} : { token })).answer.models.map(
        ({ name }: { name: string }) => name,
      );
    assert.ok(!(await names()).includes("penguin-species"));
    const unload = { model_name: "echo" };
    const stranger = await client.call("RepositoryModelUnload", unload);
    assert.deepEqual([stranger.code, stranger.metadata["cortado-code"]], [16, "API_UNAUTHENTICATED"]);
    assert.equal((await client.call("RepositoryModelUnload", unload, { token: "nonsense-nonsense" })).code, 16);
    const predictor = await createToken((await User.objects.first())!, ["predict"]);
    const refused = await client.call("RepositoryModelUnload", unload, { token: predictor });
    assert.deepEqual([refused.code, refused.metadata["cortado-code"]], [7, "API_MISSING_SCOPE"]);
    const done = await client.call("RepositoryModelUnload", unload, { token: manager });
    assert.equal(done.code, 0, done.details);
    assert.ok((await names(manager)).includes("echo"));
  });
});
