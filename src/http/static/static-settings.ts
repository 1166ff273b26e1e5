import { folderUrl, type ProjectSettings } from "#kernel";

/** How static files are made ready by `collectstatic`, and found again. */
export interface StaticFilesSettings {
  /** An address of a file that was not collected is an error; true by default. False gives the plain address. */
  strict?: boolean | undefined;
  /** Rewrites what modules import from each other (`import "./cart.js"`) to hashed names; false by default, for import maps need plain names. */
  moduleImports?: boolean | undefined;
  /** Writes `.br`, `.zst` and `.gz` files beside those that gain by it; true by default. */
  compress?: boolean | undefined;
}

declare module "#kernel" {
  interface ProjectSettings {
    /** Folders of static files besides `static` and those of apps; with a name before all of theirs: `["vendor", "node_modules/htmx.org/dist"]`. */
    staticDirectories?: readonly (string | readonly [prefix: string, directory: string])[] | undefined;
    staticFiles?: StaticFilesSettings | undefined;
  }
}

/** What the addresses of a project's static files begin with: `/static/`. */
export function staticPrefix({ staticUrl = "/static/" }: ProjectSettings): string {
  return folderUrl(staticUrl);
}
