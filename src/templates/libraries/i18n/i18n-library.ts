import type { Library } from "../../library.ts";
import { blocktranslateTag } from "./blocktranslate.ts";
import { languageFilters, languageTags } from "./languages.ts";
import { translateTag } from "./translate.ts";

/** `{% load i18n %}`: texts in the language of the render. */
export const i18nLibrary: Library = {
  tags: {
    ...languageTags,
    blocktrans: blocktranslateTag,
    blocktranslate: blocktranslateTag,
    trans: translateTag,
    translate: translateTag,
  },
  filters: languageFilters,
};
