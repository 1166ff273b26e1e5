import { gettextNoop, ngettext } from "./gettext.ts";

/** Words that pages say so often that the framework's catalogues have them, although it does not say them itself: nothing imports them, `makemessages` reads them here. */
export const everydayWords: readonly string[] = [
  gettextNoop("Page not found"),
  gettextNoop("Server error"),
  gettextNoop("Home"),
  gettextNoop("Welcome"),
  gettextNoop("Username"),
  gettextNoop("Password"),
  gettextNoop("Email address"),
  gettextNoop("Log in"),
  gettextNoop("Log out"),
  gettextNoop("Sign up"),
  gettextNoop("Yes"),
  gettextNoop("No"),
  gettextNoop("yes"),
  gettextNoop("no"),
  gettextNoop("All"),
  gettextNoop("None"),
  gettextNoop("Add"),
  gettextNoop("Change"),
  gettextNoop("Delete"),
  gettextNoop("Save"),
  gettextNoop("Cancel"),
  gettextNoop("Close"),
  gettextNoop("Search"),
  gettextNoop("Name"),
  gettextNoop("Date"),
  gettextNoop("Time"),
  gettextNoop("Language"),
  gettextNoop("Previous"),
  gettextNoop("Next"),
  gettextNoop("Today"),
  gettextNoop("Tomorrow"),
  gettextNoop("Yesterday"),
  gettextNoop("Now"),
];

/** The same, of what is counted. */
export const everydayCounts: readonly ((counter: number) => string)[] = [
  (counter) => ngettext("%(counter)s result", "%(counter)s results", counter),
];
