/**
 * Tests that `npm test` leaves to `npm run test:all`: those that start servers, browsers, trainers and other projects, or run
 * the compiler again and again. Paths as they begin under `tests/`.
 */
export const otherSuites: readonly string[] = ["package/", "end-to-end/", "docs/tutorial.", "docs/guides."];

/** Of the layers' own tests those that wait for processes, kill them, compile, or work for more than a second. */
export const slowOnes: readonly string[] = [
  "api/training.",
  "auth/login.",
  "cache/conformance.",
  "cache/processes.",
  "cli/deploy-check.",
  "cli/file-commands.",
  "cli/project-commands.",
  "cli/row-commands.",
  "docs/examples.",
  "http/uploads.",
  "migrations/random-changes.",
  "migrations/rebuilds.",
  "orm/cyclic-files.",
  "orm/fuzz/",
  "orm/hostile-lookups.",
  "orm/known-traps.",
  "orm/load.",
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
  "testing/test-site.",
  "types/",
];

/** Whether a test file's path begins like one of these. */
export function beginsLike(file: string, beginnings: readonly string[]): boolean {
  return beginnings.some((beginning) => file.startsWith(`tests/${beginning}`));
}
