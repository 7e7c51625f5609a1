// Follows a case while the service works on it: server-sent events, and plain questions whenever the stream
// is silent for longer than its beat. Without this file the page loads itself again (see case.html).
const SILENCE = 5000;
const LONG = 45000;
let stop = () => {};

function followCase() {
  stop();
  const place = document.querySelector("[data-sucesos]");
  if (!place) return;
  let known = Number(place.dataset.version);
  let heard = Date.now();
  let source = null;
  const told = (progress) => {
    heard = Date.now();
    if (progress.version <= known) return;
    known = progress.version;
    htmx.ajax("GET", place.dataset.cuerpo, { target: "#cuerpo" });
  };
  const open = () => {
    source = new EventSource(place.dataset.sucesos);
    source.addEventListener("cambio", (event) => told(JSON.parse(event.data)));
    source.addEventListener("latido", () => { heard = Date.now(); });
  };
  const ask = async () => {
    try {
      const answer = await fetch(place.dataset.estado, { signal: AbortSignal.timeout(4000) });
      if (answer.ok && !answer.redirected) told(await answer.json());
    } catch {
      // The service is away; the next round asks again.
    }
  };
  const began = Date.now();
  const timer = setInterval(() => {
    const late = document.getElementById("demora");
    if (late && Date.now() - began > LONG) late.hidden = false;
    if (Date.now() - heard < SILENCE) return;
    ask();
    if (source.readyState === EventSource.CLOSED) open();
  }, 1000);
  stop = () => {
    clearInterval(timer);
    source.close();
    stop = () => {};
  };
  open();
}

document.addEventListener("DOMContentLoaded", followCase);
document.addEventListener("htmx:afterSettle", followCase);
addEventListener("pagehide", () => stop());
