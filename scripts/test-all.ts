// `npm run test:all`: the database suites again on a real PostgreSQL, the packed package in an empty folder, the examples as real
// processes, and a browser. It installs and starts what it needs (Debian's postgresql, redis-server, chromium and django) and stops it again.
import { installSystemPackages } from "./system-packages.ts";
import { conclude, type Counts, runTests } from "./run-tests.ts";
import { slowOnes } from "./slow-tests.ts";
import { startPostgres } from "./start-postgres.ts";
import { startRedis } from "./start-redis.ts";

const isNoTest = (file: string) => !file.endsWith(".test.ts");
const totals: Counts = { passed: 0, failed: 0, skipped: [] };

async function suite(title: string, run: () => Promise<Counts>): Promise<void> {
  console.log(`── ${title}`);
  const started = performance.now();
  const counts = await run();
  totals.passed += counts.passed;
  totals.failed += counts.failed;
  totals.skipped.push(...counts.skipped);
  console.log(`   ${counts.passed} passed, ${counts.failed} failed in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

installSystemPackages(["chromium", "python3-django", "python3-joblib", "python3-psycopg2", "python3-sklearn", "redis-server"]);
// Speech for the models that listen.
installSystemPackages(["espeak-ng", "pocketsphinx-testdata"]);
const postgres = await startPostgres();
try {
  process.env["CORTADO_TEST_POSTGRES"] = postgres.url;
  await suite("PostgreSQL", () =>
    runTests(["tests/{orm,migrations}/**/*.test.ts", "tests/views/database-*.test.ts"], { concurrency: 1 }),
  );
} finally {
  delete process.env["CORTADO_TEST_POSTGRES"];
  await postgres.stop();
}
const redis = await startRedis();
try {
  process.env["CORTADO_TEST_REDIS"] = redis.url;
  await suite("Redis", () => runTests(["tests/cache/**/*.test.ts"], { concurrency: 1 }));
} finally {
  delete process.env["CORTADO_TEST_REDIS"];
  await redis.stop();
}
await suite("processes and types", () =>
  runTests(
    slowOnes.map((beginning) => `tests/${beginning}**`),
    { exclude: isNoTest },
  ),
);
await suite("serving", () => runTests(["tests/serving/*/**/*.test.ts"], { timeout: 300_000 }));
await suite("documentation", () => runTests(["tests/docs/{tutorial,guides}.test.ts"], { timeout: 300_000 }));
await suite("package", () => runTests(["tests/package/**/*.test.ts"], { concurrency: 1, timeout: 600_000 }));
await suite("end to end", () => runTests(["tests/end-to-end/**/*.test.ts"], { concurrency: 1, timeout: 600_000 }));
conclude(totals);
