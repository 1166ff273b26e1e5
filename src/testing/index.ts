export { failOnQueriesInLoops } from "#orm";
export { CookieJar } from "./cookie-jar.ts";
export { testingErrors } from "./errors.ts";
export { TestResponse } from "./test-response.ts";
export { type RequestOptions, TestSite, testSite, type TestSiteOptions } from "./test-site.ts";
