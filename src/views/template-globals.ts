import type { ProjectSettings } from "#kernel";
import { currentLanguage, currentTimeZone, i18nSettings, isRightToLeft } from "#kernel/i18n";

/** What `message.level` is compared with: `{% if message.level == DEFAULT_MESSAGE_LEVELS.ERROR %}`. */
const levels = { DEBUG: "debug", INFO: "info", SUCCESS: "success", WARNING: "warning", ERROR: "error" } as const;

/** What every template has, whatever renders it: the names of Django's context processors that need no request. */
export function templateGlobals({ staticUrl = "/static/", mediaUrl = "/media/" }: ProjectSettings): Record<string, unknown> {
  return {
    DEFAULT_MESSAGE_LEVELS: levels,
    STATIC_URL: staticUrl,
    MEDIA_URL: mediaUrl,
    LANGUAGES: () => Object.entries(i18nSettings().languages),
    LANGUAGE_CODE: () => currentLanguage(),
    LANGUAGE_BIDI: () => isRightToLeft(currentLanguage()),
    TIME_ZONE: () => currentTimeZone(),
  };
}
