import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Subject } from "../measure.ts";
import { coffeeFile } from "../orm/place.ts";

const packages = join(import.meta.dirname, "../var/django");
const requestsAWindow = 80;

/** Django's page without a network around it, where Python and Django are there or can be installed in a folder of their own. */
export const djangoPage: Subject = {
  name: "django (without HTTP)",
  async open() {
    if (!existsSync(packages)) installDjango();
    const script = join(import.meta.dirname, "django_page.py");
    const child = spawn("python3", [script, coffeeFile(100), import.meta.dirname], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, PYTHONPATH: packages },
    });
    const lines = createInterface({ input: child.stdout });
    const ended = once(child, "exit").then(() => Promise.reject(new Error("its process ended")));
    ended.catch(() => {});
    const run = async () => {
      child.stdin.write(`${requestsAWindow}\n`);
      const [line] = await Promise.race([once(lines, "line"), ended]);
      return Number(line);
    };
    await run();
    return { run, close: () => void child.stdin.end() };
  },
};

function installDjango(): void {
  console.error("Installing Django …");
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", packages, "django"];
  if (spawnSync("python3", pip, { stdio: "ignore", timeout: 60_000 }).status !== 0)
    throw new Error("skipped, for Django cannot be installed with python3 -m pip");
}
