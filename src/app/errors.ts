import { defineErrors, didYouMean } from "#kernel";

/** The errors of projects, by code. */
export const appErrors = defineErrors({
  /** `defineProject` was given a setting that no layer reads. */
  APP_UNKNOWN_SETTING: (d: { given: string; settings: readonly string[] }) => ({
    message: `defineProject has no setting "${d.given}". It has: ${d.settings.join(", ")}.`,
    hint: didYouMean(d.given, d.settings),
  }),
  /** Two apps of a project have the same name. */
  APP_DUPLICATE_NAME: (d: { name: string }) => ({
    message: `Two apps are named "${d.name}". Names are labels of tables and addresses, so each is used once.`,
    hint: "Give one of them another name in its app.ts.",
  }),
  /** An entry of `apps` is not an app. */
  APP_NOT_AN_APP: (d: { index: number; given: string }) => ({
    message: `apps[${d.index}] is ${d.given}, not an app.`,
    hint: "An app is what defineApp({ name, … }) or a call such as admin() returns.",
  }),
  /** Modules of the project import each other in a circle, and one uses what another has not made yet. */
  APP_CIRCULAR_IMPORT: (d: { name: string; place: string; cause: unknown }) => ({
    message: `${d.place} uses ${d.name} while the module that makes it is still loading: they import each other in a circle.`,
    hint: `Put what both need, such as a base class, into a module of its own. Relations can wait: () => foreignKey(${d.name}, …), or by name: foreignKey("shop.${d.name}", …).`,
    cause: d.cause,
  }),
  /** A module of the project imports a file or a package that is not there. */
  APP_MISSING_MODULE: (d: { wanted: string; from: string; hint: string | undefined; cause: unknown }) => ({
    message: `${d.from} imports ${d.wanted}, which is not there.`,
    hint: d.hint,
    cause: d.cause,
  }),
  /** A module of the project imports a name that the other module does not export, or a type without saying that it is one. */
  APP_MISSING_EXPORT: (d: { place: string; module: string; name: string; hint: string; cause: unknown }) => ({
    message: `${d.place} imports ${d.name} from "${d.module}", which does not export it.`,
    hint: d.hint,
    cause: d.cause,
  }),
  /** A module of the project cannot be read. */
  APP_BAD_SYNTAX: (d: { place: string; problem: string; excerpt: string; cause: unknown }) => ({
    message: `${d.place} cannot be read: ${d.problem}\n\n${d.excerpt}`,
    hint: "npx tsc says more.",
    cause: d.cause,
  }),
  /** A database is declared as the copy of one that the project does not have, or that is a copy itself. */
  APP_BAD_REPLICA: (d: { alias: string; given: string; databases: readonly string[] }) => ({
    message: `The database "${d.alias}" is declared as a copy of "${d.given}". The databases are: ${d.databases.join(", ")}.`,
    hint:
      didYouMean(
        d.given,
        d.databases.filter((alias) => alias !== d.alias),
      ) ?? "replicaOf names the database that is written: default.",
  }),
  /** A database is to be taken over from Django, and Django has not kept it. */
  APP_NOT_DJANGO: (d: { url: string; tables: readonly string[] }) => ({
    message: `${d.url} is no database of Django: django_migrations and django_content_type are not both among its tables (${d.tables.join(", ") || "none"}).`,
    hint: "Leave out --django to write models for any database, or name another with --database.",
  }),
  /** A command is told to use a database that the project does not have. */
  APP_UNKNOWN_DATABASE: (d: { given: string; databases: readonly string[] }) => ({
    message: `The project has no database "${d.given}". It has: ${d.databases.join(", ")}.`,
    hint: didYouMean(d.given, d.databases) ?? "Declare it in databases of cortado.config.ts.",
  }),
  /** `secretKey` is empty, or is still the development key in production. */
  APP_WEAK_SECRET_KEY: () => ({
    message: "secretKey is empty or too short for production: it signs sessions and tokens, and needs 32 characters or more.",
    hint: "Set SECRET_KEY to the output of: node -p \"crypto.randomBytes(32).toString('base64url')\"",
  }),
  /** Code for the shell is not JavaScript, nor TypeScript. */
  APP_BAD_CODE: (d: { reason: string; cause?: unknown }) => ({
    message: `The code cannot be read: ${d.reason}.`,
    hint: `Give it as one word: cortado shell -c 'await Coffee.objects.count()'`,
    cause: d.cause,
  }),
  /** `startapp` was given a name that cannot be an app's. */
  APP_BAD_NAME: (d: { given: string }) => ({
    message: `"${d.given}" cannot name an app: letters, digits and _, beginning with a small letter.`,
    hint: "The name becomes part of tables and addresses: homepage, shop, blog.",
  }),
  /** `startapp` was given the name of an app or a folder that is already there. */
  APP_NAME_TAKEN: (d: { given: string }) => ({
    message: `There is already an app or a folder "${d.given}" in this project. Nothing was touched.`,
    hint: "Choose another name.",
  }),
  /** `makemessages` was told no language, and there is no catalogue yet. */
  APP_NO_LANGUAGE: (d: { folders: readonly string[] }) => ({
    message: `There is no catalogue yet in ${d.folders.join(", ") || "the project"}, so a language must be named.`,
    hint: "Name one: npx cortado makemessages --locale ko",
  }),
});
