// Every page of the admin in Korean: no English of its own is left in what a person reads.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { type TestSite, testSite } from "cortado/testing";
import { Coffee, User } from "./shop/models.ts";
import { project } from "./shop/project.ts";
import { addSample } from "./shop/sample.ts";

let site: TestSite;
beforeEach(async () => {
  site = await testSite({ ...project, language: "ko", languages: { ko: "Korean" } });
  await addSample();
  await site.login(await User.objects.get({ username: "admin" }));
});
afterEach(() => site.close());

/** What a person reads of a page: no markup, no code, no script. */
const read = (html: string) =>
  html
    .replace(/<(head|script|style|code|svg)\b[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

test("the pages speak Korean", async () => {
  const latte = await Coffee.objects.first();
  for (const [path, words] of Object.entries({
    "/admin/": ["관리자", "최근에 한 일", "로그아웃"],
    "/admin/shop/coffee/": ["추가", "필터", "이전"],
    "/admin/shop/coffee/add/": ["저장하고 하나 더 추가", "취소"],
    [`/admin/shop/coffee/${latte!.id}/delete/`]: ["삭제되는 것", "되돌릴 수 없습니다"],
    "/admin/shop/user/": ["사용자 이름", "이메일 주소"],
    "/admin/password_change/": ["현재 비밀번호", "새 비밀번호 확인"],
  })) {
    const { text } = await site.get(path);
    assert.match(text, /<html lang="ko"/, path);
    for (const word of words) assert.ok(read(text).includes(word), `${path} does not say ${word}`);
    assert.doesNotMatch(read(text), /\b(?:Save|Delete|Search|Change|Cancel|Password|Groups|Rights|Log out|Today)\b/, path);
  }
});

test("messages, refusals and the log-in are Korean too", async () => {
  const added = await site.submit("/admin/shop/tag/add/", { name: "귀리" });
  assert.equal(added.status, 302);
  assert.match((await site.get("/admin/shop/tag/")).text, /“귀리”을\(를\) 추가했습니다\./);
  const refused = await site.submit("/admin/shop/tag/add/", { name: "" });
  assert.match(read(refused.text), /아직 고칠 것이 1개 있습니다\./);
  await site.logout();
  assert.match(read((await site.get("/admin/login/")).text), /사용자 이름 또는 이메일 주소/);
});
