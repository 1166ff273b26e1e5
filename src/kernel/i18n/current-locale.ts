/** The language that texts are in where nothing chose another: `en`. */
export function currentLanguage(): string {
  return "en";
}
