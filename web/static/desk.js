// The clerk's desk: a hand scanner may type at any moment, and what happens elsewhere shows by itself.
// Everything works without this file; then the page is loaded again by hand.
const box = document.getElementById("q");

// Keys that nobody has a field for go to the search box: a scanner knows nothing of focus.
document.addEventListener("keydown", (event) => {
  if (!box || event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1) return;
  if (event.target.closest("input, textarea, select, video")) return;
  if (event.key === " " && event.target.closest("button, a, summary")) return;
  if (event.key === "/") event.preventDefault();
  box.focus();
  if (event.key === "/") box.select();
});
if (box && !document.querySelector("[role=alert]:not([hidden]), [aria-invalid=true]")) box.focus();

// The day's lists are fetched again when the service says that something changed, or every ten seconds when
// it says nothing; never while somebody writes in them.
const day = document.getElementById("dia");
if (day) {
  let heard = Date.now();
  let due = false;
  let source = null;
  const refresh = async () => {
    if (day.contains(document.activeElement) && document.activeElement.matches("input, button")) {
      due = true;
      return;
    }
    due = false;
    try {
      const answer = await fetch(day.dataset.parte, { signal: AbortSignal.timeout(8000) });
      if (answer.ok && !answer.redirected) day.innerHTML = await answer.text();
    } catch {
      // The service is away; the next beat or the next ten seconds try again.
    }
  };
  const follow = () => {
    source = new EventSource(day.dataset.sucesos);
    source.addEventListener("cambio", () => { heard = Date.now(); refresh(); });
    source.addEventListener("latido", () => { heard = Date.now(); });
  };
  follow();
  setInterval(() => {
    if (due) refresh();
    if (Date.now() - heard < 10000) return;
    heard = Date.now();
    refresh();
    if (source.readyState === EventSource.CLOSED) follow();
  }, 2000);
  addEventListener("pagehide", () => source.close());
}
