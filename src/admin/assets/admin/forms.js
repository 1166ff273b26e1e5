// A form: what was typed is not lost by leaving, and what is wrong comes into view.
export function guardForms() {
  const form = document.querySelector("form[data-guard]");
  if (!form) return;
  const state = () => new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, value.name ?? value])).toString();
  const before = state();
  let saving = false;
  form.addEventListener("submit", () => (saving = true));
  window.addEventListener("beforeunload", (event) => {
    if (!saving && state() !== before) event.preventDefault();
  });
  const wrong = form.querySelector(".field.wrong :is(input, select, textarea)");
  (wrong ?? form.querySelector("[data-first-error]"))?.focus();
}
