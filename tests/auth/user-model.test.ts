import assert from "node:assert/strict";
import { test } from "node:test";
import { userModel } from "cortado/auth";

test("the user model of a project without auth() is asked for in vain, and the error says what to add", () => {
  assert.throws(() => userModel(), {
    code: "AUTH_NO_USER_MODEL",
    message: "No user model is known: the project's apps do not contain auth({ user: User }).",
    hint: "Add auth({ user: User }) to apps in cortado.config.ts.",
  });
});
