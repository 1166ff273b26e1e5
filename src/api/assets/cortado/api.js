// Sends the requests of the manual's forms, and shows what comes back.
for (const form of document.querySelectorAll("form[data-ask]")) {
  const [status, answer] = [form.querySelector("[data-status]"), form.querySelector("[data-answer]")];
  status.parentElement.hidden = false;

  const show = (text, line) => {
    answer.hidden = false;
    answer.textContent = text;
    status.textContent = line;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { body, token, csrfmiddlewaretoken } = form.elements;
    const headers = { "content-type": "application/json" };
    if (token?.value) headers.authorization = `Bearer ${token.value.trim()}`;
    else headers["x-csrftoken"] = csrfmiddlewaretoken.value;
    status.textContent = "…";
    const started = performance.now();
    try {
      const response = await fetch(form.action, { method: "POST", headers, body: body.value });
      const text = await response.text();
      const line = `${response.status} · ${(performance.now() - started).toFixed(0)} ms`;
      show(text.startsWith("{") ? JSON.stringify(JSON.parse(text), null, 2) : text, line);
    } catch (error) {
      show(String(error), "not reached");
    }
  });
}
