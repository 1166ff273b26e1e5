import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { defineProject, path } from "cortado";
import { userLoggedIn, userLoggedOut, userLoginFailed } from "cortado/auth";
import { gotRequestException, requestFinished, requestStarted } from "cortado/http";
import { type TestSite, testSite } from "cortado/testing";
import { User } from "../admin/shop/models.ts";
import { project } from "../admin/shop/project.ts";

const withViews = defineProject({
  ...project,
  urls: [
    ...project.urls!,
    path("fine/", () => "fine"),
    path("broken/", () => {
      throw new Error("broken");
    }),
  ],
});

let site: TestSite;
let stops: (() => void)[] = [];
const log: string[] = [];
beforeEach(async () => {
  site = await testSite(withViews);
  await User.objects.createUser({ username: "anna", email: "anna@example.com", password: "a long secret", isStaff: true });
  log.length = 0;
});
afterEach(async () => {
  for (const stop of stops) stop();
  stops = [];
  await site.close();
});

test("logging in, failing to and logging out send signals", async () => {
  stops.push(
    userLoggedIn.connect(({ sender, user }) => void log.push(`in ${user.username} ${sender === User}`)),
    userLoggedOut.connect(async ({ user }) => void log.push(`out ${user?.username}`)),
    userLoginFailed.connect(({ username, ...sent }) => void log.push(`failed ${username} ${"password" in sent}`)),
  );
  await site.submit("/admin/login/", { username: "anna", password: "wrong" });
  await site.submit("/admin/login/", { username: "anna", password: "a long secret" });
  await site.request("POST", "/admin/logout/", { body: {} });
  assert.deepEqual(log, ["failed anna false", "in anna true", "out anna"]);
});

test("a request sends signals when it begins, ends and fails; a receiver that throws harms nobody", async () => {
  stops.push(
    requestStarted.connect(({ request }) => void log.push(`started ${request.path}`)),
    requestStarted.connect(() => {
      throw new Error("passed over");
    }),
    requestFinished.connect(({ request, response }) => void log.push(`finished ${request.path} ${response.status}`)),
    gotRequestException.connect(({ error }) => void log.push(`failed ${(error as Error).message}`)),
  );
  await site.get("/fine/");
  await site.get("/missing/");
  await site.get("/broken/");
  assert.deepEqual(log, [
    "started /fine/",
    "finished /fine/ 200",
    "started /missing/",
    "finished /missing/ 404",
    "started /broken/",
    "failed broken",
    "finished /broken/ 500",
  ]);
});
