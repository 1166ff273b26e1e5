type Text = string | readonly [plural: string, ...forms: string[]];

/** What the recorded pages say in other languages; a key of two texts is a context and a message. */
const texts: Readonly<Record<string, readonly (readonly [key: string | readonly [string, string], text: Text])[]>> = {
  de: [
    ["Page not found", "Seite nicht gefunden"],
    ["Password", "Passwort"],
    [["month name", "May"], "Mai"],
    [["verb", "May"], "Kann"],
    [["super search", "%(number)s super result"], ["%(number)s super results", "%(number)s Super-Ergebnis", "%(number)s Super-Ergebnisse"]],
    [["other super search", "%(number)s super result"], ["%(number)s super results", "%(number)s anderen Super-Ergebnis", "%(number)s andere Super-Ergebnisse"]],
    [["comment count", "There are %(num_comments)s comments"], "Es gibt %(num_comments)s Kommentare"],
    [["other comment count", "There are %(num_comments)s comments"], "Andere: Es gibt %(num_comments)s Kommentare"],
    ["The result was %(percent)s%%", "Das Ergebnis war %(percent)s%%"],
    ["%(percent)s%% represents %(num)s object", ["%(percent)s%% represents %(num)s objects", "%(percent)s%% stellt %(num)s Objekt dar", "%(percent)s%% stellt %(num)s Objekte dar"]],
    ["%(size)d byte", ["%(size)d bytes", "%(size)d Byte", "%(size)d Bytes"]],
    ["Yes", "Ja"], ["No", "Nein"], ["yes,no,maybe", "ja,nein,vielleicht"],
  ],
  nl: [["No", "Nee"], ["Yes", "Ja"], ["yes,no,maybe", "ja,nee,misschien"]],
  fr: [
    ["Yes", "Oui"], ["No", "Non"],
    ["My name is %(person)s.", "Mon nom est %(personne)s."],
    ["My other name is %(person)s.", "Mon autre nom est %(person)."],
  ],
  ru: [["%(counter)s result", ["%(counter)s results", "%(counter)s результат", "%(counter)s результата", "%(counter)s результатов"]]],
  cs: [
    ["Hungarian", "maďarsky"], ["Italian", "italsky"], ["French", "francouzsky"], ["Norwegian", "norsky"],
    ["Dutch", "nizozemsky"], ["German", "německy"],
  ],
}; // prettier-ignore

const pluralForms: Readonly<Record<string, string>> = {
  ru: "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
};

/** The catalogues of the recorded tests, as `useI18n` takes them. */
export const catalogues = Object.entries(texts).map(([language, messages]) => {
  const header = `msgid ""\nmsgstr "Plural-Forms: ${pluralForms[language] ?? "nplurals=2; plural=(n != 1);"}\\n"\n`;
  return { language, po: [header, ...messages.map(([key, text]) => entryOf(key, text))].join("\n") };
});

function entryOf(key: string | readonly [string, string], text: Text): string {
  const [context, id] = typeof key === "string" ? [undefined, key] : key;
  const head = `${context === undefined ? "" : `msgctxt ${JSON.stringify(context)}\n`}msgid ${JSON.stringify(id)}\n`;
  if (typeof text === "string") return `${head}msgstr ${JSON.stringify(text)}\n`;
  const [plural, ...forms] = text;
  return `${head}msgid_plural ${JSON.stringify(plural)}\n${forms.map((form, i) => `msgstr[${i}] ${JSON.stringify(form)}\n`).join("")}`;
}
