// The keyboard: one letter each, never while typing; ⌘ (or Ctrl) with S and Enter saves.
export function startKeys() {
  const rows = [...document.querySelectorAll(".list-table tbody tr")];
  const sheet = document.querySelector("#keys");
  let here = -1;

  const move = (step) => {
    if (rows.length === 0) return;
    rows[here]?.classList.remove("here");
    here = Math.min(rows.length - 1, Math.max(0, here + step));
    rows[here].classList.add("here");
    rows[here].scrollIntoView({ block: "nearest" });
    (rows[here].querySelector("th a") ?? rows[here].querySelector("input"))?.focus({ preventScroll: true });
  };
  const plain = {
    "/": () => document.querySelector('[data-key="/"]')?.focus(),
    "?": () => sheet?.showModal(),
    j: () => move(1),
    k: () => move(-1),
    x: () => rows[here]?.querySelector("input.select")?.click(),
    c: () => document.querySelector('[data-key="c"]')?.click(),
  };
  const withCommand = {
    s: () => document.querySelector('[data-key="continue"]') ?? document.querySelector('[data-key="save"]'),
    Enter: () => document.querySelector('[data-key="save"]'),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey) return;
    if (event.metaKey || event.ctrlKey) {
      const button = Object.hasOwn(withCommand, event.key) && withCommand[event.key]();
      if (!button) return;
      event.preventDefault();
      button.click();
      return;
    }
    const key = letterOf(event);
    if (isTyping(event.target) || document.querySelector("dialog[open]") || !Object.hasOwn(plain, key)) return;
    event.preventDefault();
    plain[key]();
  });
}

/** The Latin letter of a key, also where the keyboard writes Hangul or Cyrillic. */
function letterOf({ key, code }) {
  return /^\p{L}$/u.test(key) && !/^[a-z]$/i.test(key) && code.startsWith("Key")
    ? code.slice(3).toLowerCase()
    : key.toLowerCase();
}

function isTyping(target) {
  return (
    target.closest("textarea, select, [contenteditable]") ||
    (target.closest("input") && !target.closest("[type=checkbox], [type=radio]"))
  );
}
