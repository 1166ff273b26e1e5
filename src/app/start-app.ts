import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Project } from "./define-project.ts";
import { appErrors } from "./errors.ts";
import { listApp } from "./list-app.ts";

/** What `startApp` did: the files it wrote, and whether it could list the app in the configuration by itself. */
export interface StartedApp {
  files: readonly string[];
  listed: boolean;
}

/**
 * Makes the folder of a new app, and lists it in `cortado.config.ts`.
 * @throws APP_BAD_NAME, APP_NAME_TAKEN
 */
export function startApp(project: Project, name: string): StartedApp {
  if (!/^[a-z][a-zA-Z0-9_]*$/.test(name)) throw appErrors.APP_BAD_NAME({ given: name });
  const folder = join(project.root, name);
  if (existsSync(folder) || project.apps.some((app) => app.name === name)) throw appErrors.APP_NAME_TAKEN({ given: name });
  const written = Object.entries(appFiles(name)).map(([file, text]) => {
    const path = join(folder, file);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text);
    return `${name}/${file}`;
  });
  return { files: written, listed: project.configFile !== undefined && listApp(project.configFile, name) };
}

const appFiles = (name: string): Record<string, string> => ({
  "app.ts": `import { defineApp } from "cortado";
import * as admin from "./admin.ts";
import * as handlers from "./handlers.ts";
import * as models from "./models.ts";

export default defineApp({
  name: "${name}",
  models,
  handlers,
  admin: Object.values(admin),
  directory: import.meta.dirname,
});
`,
  "models.ts": `// The app's tables:
//
//   import { char, manager, Model } from "cortado/orm";
//
//   export class Coffee extends Model({ name: char({ maxLength: 30 }) }) {
//     static objects = manager(this);
//   }
export {};
`,
  "admin.ts": `// What the admin shows of this app:
//
//   import { modelAdmin } from "cortado/admin";
//   import { Coffee } from "./models.ts";
//
//   export const coffeeAdmin = modelAdmin(Coffee, { listDisplay: ["name"] });
export {};
`,
  "handlers.ts": `// What the app predicts. A version of this one is a folder such as models/digits/1, with a file model.onnx:
//
//   import { handler } from "cortado/serving";
//
//   export const digits = handler({ name: "digits", source: "file:models/digits" });
export {};
`,
  "views.ts": `// Functions from a request to a page; urls.ts says at which address:
//
//   import { type HttpRequest, render } from "cortado";
//
//   export function index(request: HttpRequest) {
//     return render(request, "${name}/index.html");
//   }
export {};
`,
  [`templates/${name}/.gitkeep`]: "",
});
