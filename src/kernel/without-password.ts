/**
 * An address as it may be shown and logged: `smtp://ada:…@mail.example.com`. It need not be a valid one: up to the last `@`
 * before its query everything behind the user's name is taken for the password.
 */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^:/?#@]*):[^?#]*@/i, "$1:…@");
}
