/** The address of a folder, with a slash at its end. */
export function folderUrl(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}
