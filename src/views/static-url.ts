let prefix = "/static/";

/** Where static files are served, from here on. A project says so when it opens. */
export function useStaticUrl(url: string): void {
  prefix = url.endsWith("/") ? url : `${url}/`;
}

/** The address of a static file: `staticUrl("cortado/cortado.css")`. */
export function staticUrl(path: string): string {
  return prefix + path.split("/").map(encodeURIComponent).join("/");
}
