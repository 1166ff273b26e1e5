/**
 * Tests that `npm test` leaves to suites of `npm run test:all`: those that start servers, browsers, trainers and other projects,
 * and those that skip themselves without PostgreSQL. Paths as they begin under `tests/`.
 */
export const otherSuites: readonly string[] = [
  "package/",
  "end-to-end/",
  "docs/tutorial.",
  "docs/guides.",
  "orm/postgres/",
  "migrations/postgres-tables.",
  "serving/clients/",
  "serving/engines/",
  "serving/faults/",
  "serving/hosts/",
  "serving/operations/",
  "serving/protocols/",
  "serving/real-models/",
  "serving/runtimes/",
  "serving/safety/",
  "serving/sources/",
  "serving/versions/",
];

/** Of the layers' own tests those that wait for processes, kill them, compile, or work for more than a second. */
export const slowOnes: readonly string[] = [
  "api/manual.",
  "api/training.",
  "app/model-types.",
  "auth/login.",
  "cache/conformance.",
  "cache/processes.",
  "cli/command-line.",
  "cli/deploy-check.",
  "cli/file-commands.",
  "cli/migration-commands.",
  "cli/project-commands.",
  "cli/row-commands.",
  "docs/examples.",
  "forms/markup-attacks.",
  "http/uploads.",
  "migrations/executor.",
  "migrations/random-changes.",
  "migrations/rebuilds.",
  "migrations/running.",
  "orm/cyclic-files.",
  "orm/fuzz/",
  "orm/hostile-lookups.",
  "orm/known-traps.",
  "orm/load.",
  "orm/lookups.",
  "orm/sqlite-files.",
  "orm/streaming.",
  "registry/restart.",
  "registry/runs.",
  "registry/trainer-process.",
  "serving/handlers.",
  "serving/hosts.",
  "serving/http.",
  "serving/versions.",
  "storage/s3.",
  "templates/xss.",
  "testing/test-site.",
  "types/",
  "views/database-cache.",
  "views/django-pages/",
  "views/editing-rows.",
  "views/error-reports.",
];

/** Whether a test file's path begins like one of these. */
export function beginsLike(file: string, beginnings: readonly string[]): boolean {
  return beginnings.some((beginning) => file.startsWith(`tests/${beginning}`));
}
