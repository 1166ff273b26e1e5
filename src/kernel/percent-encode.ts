/** A text in which every byte is escaped but letters, digits and `-_.~` (RFC 3986): `encodeURIComponent` leaves `!'()*` too. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A file's name as a part of an address: its slashes stay. `encodePath("shop/a b.png")` is `shop/a%20b.png` */
export function encodePath(name: string, encode: (part: string) => string = encodeURIComponent): string {
  return name.split("/").map(encode).join("/");
}
