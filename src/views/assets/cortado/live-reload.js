// Loads the page again when the project changed, in development.
(() => {
  const events = document.currentScript.dataset.events;
  let known;
  let source;
  let wait = 200;

  const isSheet = (file) => file.endsWith(".css");

  const swap = (file) => {
    const name = file.split("/").pop();
    const links = [...document.querySelectorAll('link[rel="stylesheet"]')].filter((link) =>
      new URL(link.href).pathname.endsWith(`/${name}`),
    );
    for (const link of links) {
      const address = new URL(link.href);
      address.searchParams.set("changed", String(Date.now()));
      link.href = address.href;
    }
    return links.length > 0;
  };

  const connect = () => {
    source = new EventSource(events);
    source.addEventListener("process", ({ data }) => {
      wait = 200;
      if (known !== undefined && known !== data) location.reload();
      known = data;
    });
    source.addEventListener("change", ({ data }) => {
      // A sheet may be imported by another that the page links.
      if (!isSheet(data) || !swap(data)) location.reload();
    });
    source.onerror = () => {
      source.close();
      wait = Math.min(wait * 1.5, 2000);
      setTimeout(() => document.visibilityState === "visible" && connect(), wait);
    };
  };

  // A browser opens few connections to a host; a page that nobody sees gives its own up.
  document.addEventListener("visibilitychange", () => {
    source.close();
    if (document.visibilityState === "visible") connect();
  });
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", ({ persisted }) => persisted && connect());
  connect();
})();
