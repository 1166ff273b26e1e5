// A list: select all, ranges with Shift, the number of the selected.
export function startLists() {
  const form = document.querySelector("[data-list]");
  if (!form) return;
  const boxes = [...form.querySelectorAll("input.select")];
  const all = form.querySelector(".select-all");
  const count = form.querySelector("[data-selected-count]");
  let last = null;

  const show = () => {
    const selected = boxes.filter((box) => box.checked).length;
    if (count) count.textContent = `${selected} selected`;
    if (!all) return;
    all.checked = selected > 0 && selected === boxes.length;
    all.indeterminate = selected > 0 && selected < boxes.length;
  };
  all?.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  for (const box of boxes) {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last) selectRange(boxes, last, box);
      last = box;
      show();
    });
    box.addEventListener("change", show);
  }
  show();
}

function selectRange(boxes, from, to) {
  const [start, end] = [boxes.indexOf(from), boxes.indexOf(to)].sort((a, b) => a - b);
  for (const box of boxes.slice(start, end + 1)) box.checked = to.checked;
}
