/**
 * Tests that `npm test` leaves to `npm run test:all`: those that start servers, browsers, trainers and other projects, or run
 * the compiler again and again. Paths as they begin under `tests/`.
 */
export const otherSuites: readonly string[] = ["package/", "end-to-end/", "docs/tutorial.", "docs/guides."];

/** Of the layers' own tests those that wait for processes, kill them, or compile. */
export const slowOnes: readonly string[] = [
  "api/training.",
  "cache/processes.",
  "cli/file-commands.",
  "cli/project-commands.",
  "cli/row-commands.",
  "docs/examples.",
  "registry/restart.",
  "registry/runs.",
  "registry/trainer-process.",
  "serving/hosts.",
  "serving/versions.",
  "storage/s3.",
  "types/",
];

/** Whether a test file's path begins like one of these. */
export function beginsLike(file: string, beginnings: readonly string[]): boolean {
  return beginnings.some((beginning) => file.startsWith(`tests/${beginning}`));
}
