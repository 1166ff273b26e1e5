// Draws on a canvas, brings the drawing into the form the network knows (28 × 28, the digit in the middle 20 × 20), asks it, shows what it says.
const canvas = document.querySelector("#drawing");
const context = canvas.getContext("2d", { willReadFrequently: true });
const rows = [...document.querySelectorAll("#probabilities li")];
const status = document.querySelector("#status");
const answer = document.querySelector("#digit");
const waiting = status.textContent;
let last;
let asking = false;
let askAgain = false;

function clear() {
  context.fillStyle = "#000";
  context.fillRect(0, 0, canvas.width, canvas.height);
  show(undefined);
  status.textContent = waiting;
}

function at(event) {
  const box = canvas.getBoundingClientRect();
  return [((event.clientX - box.left) / box.width) * canvas.width, ((event.clientY - box.top) / box.height) * canvas.height];
}

function stroke(from, to) {
  context.strokeStyle = "#fff";
  context.lineWidth = 20;
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

/** The rectangle that holds ink, or undefined for an empty canvas. */
function inked() {
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[(y * width + x) * 4] < 32) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** 784 numbers between 0 and 1: the digit scaled to 20 × 20 and placed by its centre of mass. */
function pixels() {
  const box = inked();
  if (!box) return undefined;
  const small = new OffscreenCanvas(28, 28).getContext("2d", { willReadFrequently: true });
  const scale = 20 / Math.max(box.width, box.height);
  const draw = (dx, dy) => {
    small.fillStyle = "#000";
    small.fillRect(0, 0, 28, 28);
    small.imageSmoothingQuality = "high";
    const [width, height] = [box.width * scale, box.height * scale];
    small.drawImage(
      canvas,
      box.left,
      box.top,
      box.width,
      box.height,
      (28 - width) / 2 + dx,
      (28 - height) / 2 + dy,
      width,
      height,
    );
    const { data } = small.getImageData(0, 0, 28, 28);
    return Array.from({ length: 784 }, (_, i) => data[i * 4] / 255);
  };
  const first = draw(0, 0);
  const mass = first.reduce((sum, value) => sum + value, 0);
  const centre = (axis) => first.reduce((sum, value, i) => sum + value * axis(i), 0) / mass;
  return draw(13.5 - centre((i) => i % 28), 13.5 - centre((i) => Math.floor(i / 28)));
}

function show(output) {
  answer.textContent = output ? String(output.digit) : "–";
  rows.forEach((row, digit) => {
    const share = output?.probabilities[digit] ?? 0;
    row.querySelector(".bar").style.inlineSize = `${share * 100}%`;
    row.querySelector(".percent").textContent = output ? `${(share * 100).toFixed(1)} %` : "–";
    row.classList.toggle("best", output?.digit === digit);
  });
}

async function ask() {
  if (asking) {
    askAgain = true;
    return;
  }
  const drawn = pixels();
  if (!drawn) return;
  asking = true;
  try {
    const response = await fetch("/api/models/digits/predict", {
      method: "POST",
      credentials: "omit",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ input: { pixels: drawn } }),
    });
    const body = await response.json();
    if (!response.ok) throw new Error(body.error.message);
    show(body.output);
    status.textContent = status.dataset.said.replace("%model", body.model).replace("%version", body.version);
  } catch (error) {
    status.textContent = `${status.dataset.silent} ${error.message}`;
  }
  asking = false;
  if (askAgain) {
    askAgain = false;
    await ask();
  }
}

canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  last = at(event);
  stroke(last, last);
  event.preventDefault();
});
canvas.addEventListener("pointermove", (event) => {
  if (!last) return;
  const next = at(event);
  stroke(last, next);
  last = next;
  ask();
});
canvas.addEventListener("pointerup", () => {
  last = undefined;
  ask();
});
document.querySelector("#clear").addEventListener("click", clear);
clear();
