import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { createToken } from "cortado/auth";
import { pushVersion } from "cortado/serving";
import { testSite } from "cortado/testing";
import { User } from "../../../examples/cafe/accounts/models.ts";
import project from "../../api/project.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { refusal } from "../refused.ts";

const site = await testSite(project);
after(() => site.close());
const admin = await User.objects.createSuperuser({ username: "ada", email: "ada@example.com", password: "a-long-passphrase-1" });
const url = await site.listen();
const destination = `${url}/api/models/penguin-species`;

describe("a push to a server", () => {
  it("needs a token that may manage, and is told why the files are no version", async (t) => {
    const folder = temporaryFolder(t, { "model.onnx": "not a model" });
    const failed = (message: RegExp) => refusal({ code: "SERVING_SOURCE_FAILED", message, hint: "Nothing was changed there." });
    await assert.rejects(pushVersion(folder, destination), failed(/^The server answered 401: /));
    const token = await createToken(admin, ["predict"]);
    await assert.rejects(pushVersion(folder, destination, { token }), failed(/^The server answered 403: /));
    const manager = await createToken(admin, ["manage"]);
    await assert.rejects(
      pushVersion(folder, destination, { token: manager }),
      failed(/^The server answered 400: .*has to be trained once/),
    );
    await assert.rejects(
      pushVersion(folder, destination, { token: manager, version: "7" }),
      refusal({ code: "SERVING_BAD_SOURCE", message: /is a server, which gives versions their numbers itself\.$/ }),
    );
  });
});
