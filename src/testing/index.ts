export { failOnQueriesInLoops } from "#orm";
export { cacheConformance, type OpenBackend } from "./cache-conformance.ts";
export { CookieJar } from "./cookie-jar.ts";
export { type MissingName, testingErrors } from "./errors.ts";
export type { TestSocket } from "./open-socket.ts";
export type { SubmitValue } from "./page-form.ts";
export { TestResponse } from "./test-response.ts";
export { type OpenRepository, repositoryConformance, type RepositoryTrial, type VersionFiles } from "./repository-conformance.ts";
export { type RequestOptions, TestSite, testSite, type TestSiteOptions } from "./test-site.ts";
