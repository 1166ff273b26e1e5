import { library, simpleTag } from "#templates";

let prefix = "/static/";

/** Where static files are served, from here on. A project says so when it opens. */
export function useStaticUrl(url: string): void {
  prefix = url.endsWith("/") ? url : `${url}/`;
}

/** The address of a static file: `staticUrl("cortado/cortado.css")`. */
export function staticUrl(path: string): string {
  return prefix + path.split("/").map(encodeURIComponent).join("/");
}

/** `{% static "cortado/cortado.css" %}` and `{% get_static_prefix %}`. */
export const staticLibrary = library({ tags: { static: simpleTag(staticUrl), get_static_prefix: simpleTag(() => prefix) } });
