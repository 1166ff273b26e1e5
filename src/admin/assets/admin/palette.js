// ⌘K: jump to a page, a model or a row. It asks the same address as the search page, for JSON.
export function startPalette(admin) {
  const field = document.querySelector("#jump");
  if (!field) return;
  const dialog = makeDialog();
  const [input, list] = [dialog.querySelector("input"), dialog.querySelector("[role=listbox]")];
  let waiting, asking;

  const open = () => {
    dialog.showModal();
    input.select();
    ask();
  };
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const address = `${field.form.getAttribute("action") || `${admin}search/`}?q=${encodeURIComponent(input.value)}`;
    try {
      const answer = await fetch(address, { headers: { accept: "application/json" }, signal: asking.signal });
      show(list, (await answer.json()).results, input);
    } catch (error) {
      if (error.name !== "AbortError") show(list, [], input);
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => moveIn(list, input, event));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  field.addEventListener("mousedown", (event) => {
    event.preventDefault();
    open();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "k" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    open();
  });
}

function makeDialog() {
  const dialog = document.createElement("dialog");
  dialog.className = "palette";
  dialog.setAttribute("aria-label", "Search or jump to");
  dialog.innerHTML =
    '<input type="text" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-label="Search or jump to" placeholder="Search or jump to…" autocomplete="off"><div id="palette-list" role="listbox" aria-label="Results"></div>';
  document.body.append(dialog);
  return dialog;
}

function show(list, groups, input) {
  list.replaceChildren();
  for (const [g, group] of groups.entries()) {
    const part = document.createElement("div");
    part.setAttribute("role", "group");
    part.setAttribute("aria-label", group.label);
    const label = document.createElement("span");
    label.setAttribute("role", "presentation");
    label.textContent = group.label;
    part.append(label);
    for (const [i, item] of group.items.entries()) {
      const option = document.createElement("a");
      Object.assign(option, { href: item.url, textContent: item.label, id: `palette-${g}-${i}`, tabIndex: -1 });
      option.setAttribute("role", "option");
      part.append(option);
    }
    list.append(part);
  }
  if (groups.length === 0) list.innerHTML = '<p class="nothing" role="presentation">Nothing found</p>';
  select(list, input, 0);
}

function select(list, input, index) {
  const options = [...list.querySelectorAll("[role=option]")];
  for (const [i, option] of options.entries()) option.setAttribute("aria-selected", String(i === index));
  options[index]?.scrollIntoView({ block: "nearest" });
  if (options[index]) input.setAttribute("aria-activedescendant", options[index].id);
  else input.removeAttribute("aria-activedescendant");
}

function moveIn(list, input, event) {
  const options = [...list.querySelectorAll("[role=option]")];
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") select(list, input, Math.min(options.length - 1, at + 1));
  else if (event.key === "ArrowUp") select(list, input, Math.max(0, at - 1));
  else if (event.key === "Enter") options[at]?.click();
  else return;
  event.preventDefault();
}
