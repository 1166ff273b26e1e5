// Everything here makes a page quicker to use; every page reads and saves without it.
import { guardForms } from "./forms.js";
import { startKeys } from "./keys.js";
import { startLists } from "./lists.js";
import { startPalette } from "./palette.js";
import { followRuns } from "./runs.js";
import { startTheme } from "./theme.js";
import { watchUploads } from "./uploads.js";

startTheme();
startLists();
guardForms();
startPalette(document.body.dataset.admin);
startKeys();
followRuns();
watchUploads();

// One menu is open at a time, and a click beside it closes it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
