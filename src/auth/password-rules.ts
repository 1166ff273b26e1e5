import { gettext, gettextLazy, gettextNoop, interpolate, LazyText, ngettext } from "#kernel/i18n";
import { ValidationError } from "#validation";
import { commonPasswords } from "./common-passwords.ts";
import { longestPassword } from "./password-hash.ts";

/** What a password is compared with: the user's own words. */
export interface PasswordContext {
  username?: string | undefined;
  email?: string | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
}

/** Refuses a password by throwing a ValidationError, and says beforehand what it asks for. */
export interface PasswordRule {
  help: string | LazyText;
  check(password: string, context: PasswordContext): string | undefined;
}

export function minimumLengthRule(length = 8): PasswordRule {
  return {
    help: new LazyText(() =>
      interpolate(ngettext("It has at least %(length)d character.", "It has at least %(length)d characters.", length), {
        length,
      }),
    ),
    check: (password) => ([...password].length < length ? tooShort(length) : undefined),
  };
}

export function maximumLengthRule(length = longestPassword): PasswordRule {
  return {
    help: new LazyText(() => interpolate(gettext("It has at most %(length)d characters."), { length })),
    check: (password) =>
      password.length > length
        ? interpolate(gettext("This password is too long: it may have at most %(length)d characters."), { length })
        : undefined,
  };
}

export function commonPasswordRule(): PasswordRule {
  return {
    help: gettextLazy("It is not one that many people use."),
    check: (password) => (commonPasswords.has(password.toLowerCase()) ? gettext("This password is too common.") : undefined),
  };
}

export function numericPasswordRule(): PasswordRule {
  return {
    help: gettextLazy("It is not only digits."),
    check: (password) => (/^\d+$/.test(password) ? gettext("This password is entirely numeric.") : undefined),
  };
}

export function similarToUserRule(most = 0.7): PasswordRule {
  return {
    help: gettextLazy("It is not like your name or address."),
    check(password, context) {
      for (const [label, words] of Object.entries(wordsOf(context))) {
        if (words.some((word) => isTooSimilar(password.toLowerCase(), word, most)))
          return interpolate(gettext("This password is too similar to the %(name)s."), { name: gettext(label) });
      }
      return undefined;
    },
  };
}

function tooShort(length: number): string {
  const text = ngettext(
    "This password is too short: it needs at least %(length)d character.",
    "This password is too short: it needs at least %(length)d characters.",
    length,
  );
  return interpolate(text, { length });
}

/** The rules that hold where no others are given. */
export const defaultPasswordRules: readonly PasswordRule[] = [
  similarToUserRule(),
  minimumLengthRule(),
  maximumLengthRule(),
  commonPasswordRule(),
  numericPasswordRule(),
];

/**
 * Refuses a weak password, with every reason at once.
 *
 * ```ts
 * validatePassword("12345", { username: "anna" }); // throws: too short, entirely numeric
 * ```
 * @throws ValidationError
 */
export function validatePassword(
  password: string,
  context: PasswordContext = {},
  rules: readonly PasswordRule[] = defaultPasswordRules,
): void {
  const problems = rules.map((rule) => rule.check(password, context)).filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new ValidationError(problems);
}

function wordsOf(context: PasswordContext): Record<string, string[]> {
  const split = (text: string | undefined) =>
    text ? [text, ...text.split(/\W+/)].map((word) => word.toLowerCase()).filter((word) => word.length >= 3) : [];
  return {
    [gettextNoop("username")]: split(context.username),
    [gettextNoop("e-mail address")]: split(context.email),
    [gettextNoop("first name")]: split(context.firstName),
    [gettextNoop("last name")]: split(context.lastName),
  };
}

/** The share of letters that both have, counted as difflib's quick ratio does. */
function isTooSimilar(password: string, word: string, most: number): boolean {
  if (password.includes(word) && word.length / password.length >= most / 2 && word.length >= 4) return true;
  const left = new Map<string, number>();
  for (const letter of word) left.set(letter, (left.get(letter) ?? 0) + 1);
  let common = 0;
  for (const letter of password) {
    const rest = left.get(letter) ?? 0;
    if (rest === 0) continue;
    left.set(letter, rest - 1);
    common++;
  }
  return (2 * common) / (password.length + word.length) >= most;
}
