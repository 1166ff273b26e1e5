const placeholder = /%(?:%|\(([^)]*)\)([a-zA-Z])?)?/g;

/** A message of a catalogue with its values in it; undefined where it asks for others, or for something that is no text. */
export function formatMessage(message: string, values: Readonly<Record<string, string>>): string | undefined {
  let fits = true;
  const text = message.replace(placeholder, (whole, name: string | undefined, kind: string | undefined) => {
    if (whole === "%%") return "%";
    const value = name === undefined || !Object.hasOwn(values, name) ? undefined : values[name];
    if (value === undefined || (kind !== "s" && kind !== "d")) fits = false;
    return value ?? "";
  });
  return fits ? text : undefined;
}
