export { currentLanguage } from "./current-locale.ts";
