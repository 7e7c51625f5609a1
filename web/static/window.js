// Keys of the clerk's case page. The first doubt has the focus; Enter confirms it and goes to the next, and
// after the last one sends; digits do the acts of attesting; F2 goes to the page and Esc comes back; «?» shows
// the keys. Everything works without this file, only slower.
const STEPS = [1, 1.5, 2, 3];
const TURNS = {
  0: ["0 0 210 297", ""],
  90: ["0 0 297 210", "translate(297 0) rotate(90)"],
  180: ["0 0 210 297", "translate(210 297) rotate(180)"],
  270: ["0 0 297 210", "translate(0 210) rotate(270)"],
};
const HASTE = 700;
let quietUntil = 0;
const viewer = { zoom: 0, turn: 0, page: 0, from: null };
const byId = (id) => document.getElementById(id);
const pages = () => [...document.querySelectorAll("#visor [data-page]")];
const doubts = () => [...document.querySelectorAll(".doubt")];

function drawPages() {
  for (const page of pages()) {
    page.style.width = `${100 * STEPS[viewer.zoom]}%`;
    const svg = page.querySelector("svg");
    if (!svg) continue;
    const [box, transform] = TURNS[viewer.turn];
    svg.setAttribute("viewBox", box);
    svg.firstElementChild.setAttribute("transform", transform);
  }
  tellPage();
}

function tellPage() {
  const place = byId("visor-lugar");
  if (place && pages().length > 1) place.textContent = `Página ${viewer.page + 1} de ${pages().length}`;
}

function goToPage(step) {
  const all = pages();
  if (!all.length) return;
  viewer.page = Math.min(Math.max(viewer.page + step, 0), all.length - 1);
  byId("visor").scrollTo({ top: all[viewer.page].offsetTop - byId("visor").offsetTop });
  drawPages();
}

const VIEWER_ACTS = {
  mas: () => { viewer.zoom = Math.min(viewer.zoom + 1, STEPS.length - 1); drawPages(); },
  menos: () => { viewer.zoom = Math.max(viewer.zoom - 1, 0); drawPages(); },
  girar: () => { viewer.turn = (viewer.turn + 90) % 360; drawPages(); },
  antes: () => goToPage(-1),
  despues: () => goToPage(1),
};
const STEP_OF = { ArrowDown: 1, ArrowUp: -1 };
const VIEWER_KEYS = { "+": "mas", "-": "menos", r: "girar", p: "antes", n: "despues" };

// The box of the field in hand stands out, and the page shows it.
function showBox(name) {
  for (const box of document.querySelectorAll("rect.active")) box.classList.remove("active");
  const box = document.querySelector(`rect[data-box="${CSS.escape(name)}"]`);
  const visor = byId("visor");
  if (!box || !visor) return;
  box.classList.add("active");
  viewer.page = Math.max(pages().indexOf(box.closest("[data-page]")), 0);
  tellPage();
  const place = box.getBoundingClientRect();
  const frame = visor.getBoundingClientRect();
  visor.scrollTo({
    top: visor.scrollTop + place.top - frame.top - frame.height / 3,
    left: visor.scrollLeft + place.left - frame.left - frame.width / 4,
  });
}

function confirmDoubt(field) {
  const all = doubts();
  field.closest(".value").classList.add("answered");
  const next = all[all.indexOf(field) + 1];
  if (next) {
    next.focus();
    if (next.select) next.select();
  } else field.form.requestSubmit();
}

// Values that were read: the arrows go from one «Corregir» to the next, opening one puts the cursor in its
// value, and Esc closes it with what stood before.
function stepTo(summary, step) {
  const all = [...document.querySelectorAll(".correct > summary")];
  all[all.indexOf(summary) + step]?.focus();
}

function closeCorrection(details) {
  const field = details.querySelector(".correction");
  if (field.matches("select")) for (const option of field.options) option.selected = option.defaultSelected;
  else field.value = field.defaultValue;
  details.open = false;
  details.querySelector("summary").focus();
}

function firstAsked() {
  const acts = ["#fe input:not(:checked)", "#fe input", "#decision button", "#mas-papeles > summary"];
  return doubts()[0] || acts.map((each) => document.querySelector(each)).find(Boolean);
}

// An Enter too many decides nothing: one that is held, or that comes to the decision as the first key in the
// moment in which the page appears, was meant for what stood there before.
function isTooMany(event) {
  if (event.key !== "Enter") {
    quietUntil = 0;
    return false;
  }
  if (event.target.matches("textarea:not(.doubt)")) return false;
  return event.repeat || (performance.now() < quietUntil && event.target.closest("#decision") !== null);
}

function toggleKeys() {
  const card = byId("teclas");
  if (!card) return;
  if (card.open) card.close();
  else card.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const target = event.target;
  if (isTooMany(event)) {
    event.preventDefault();
    return;
  }
  if (event.key === "Enter" && target.matches(".doubt")) {
    event.preventDefault();
    confirmDoubt(target);
    return;
  }
  if (event.key === "Enter" && target.matches("[data-aviso]")) {
    event.preventDefault();
    firstAsked()?.focus();
    return;
  }
  if (event.key === "F2" && byId("visor")) {
    event.preventDefault();
    viewer.from = target.matches(".doubt, .correction, #decision input") ? target : null;
    byId("visor").focus();
    return;
  }
  if (event.key === "Escape" && target.closest("#visor")) {
    (viewer.from || doubts()[0] || document.querySelector("#fe input") || document.body).focus();
    return;
  }
  if (target.matches(".correct > summary") && STEP_OF[event.key]) {
    event.preventDefault();
    stepTo(target, STEP_OF[event.key]);
    return;
  }
  if (event.key === "Escape" && target.closest(".correct")) {
    closeCorrection(target.closest(".correct"));
    return;
  }
  if (target.matches("input[type=text], textarea, select")) return;
  const act = VIEWER_KEYS[event.key];
  const seen = document.querySelector(`#fe [data-tecla="${CSS.escape(event.key)}"]`);
  if (event.key === "?") toggleKeys();
  else if (event.key === "c") document.querySelector(".correct > summary")?.focus();
  else if (event.key === "d") byId("diferencias")?.click();
  else if (act && byId("visor")) VIEWER_ACTS[act]();
  else if (seen) {
    seen.checked = true;  // a second press takes nothing away: who wants that presses the space bar
    seen.focus();
  } else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-visor]");
  if (button) VIEWER_ACTS[button.dataset.visor]();
  if (event.target.closest("#ver-teclas")) toggleKeys();
});
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.(".correct") || !event.target.open) return;
  // A page that comes back with a fault is open already: its focus is where the fault is told.
  if (document.activeElement === event.target.querySelector("summary")) event.target.querySelector(".correction").focus();
}, true);
document.addEventListener("focusin", (event) => {
  if (!event.target.dataset.field) return;
  showBox(event.target.dataset.field);
  // A value is compared with its crop, which stands below it.
  event.target.closest(".value")?.scrollIntoView({ block: "nearest" });
});
// The evidence is fetched only when somebody asks for it.
document.addEventListener("change", (event) => {
  if (event.target.id !== "diferencias") return;
  for (const image of document.querySelectorAll("image.evidence")) {
    if (event.target.checked) image.setAttribute("href", image.dataset.href);
    else image.removeAttribute("href");
  }
});

// Where something was refused the page begins there: at the first place to mend, else at what is told.
function beginAtFault() {
  const told = document.querySelector("[role=alert]:not([hidden])");
  if (!told) return false;
  const place = document.querySelector("main [aria-invalid=true]");
  if (!place) told.tabIndex = -1;
  (place || told).focus();
  return true;
}

function beginCase() {
  quietUntil = performance.now() + HASTE;
  for (const id of ["visor-barra", "ver-teclas"]) if (byId(id)) byId(id).hidden = false;
  Object.assign(viewer, { zoom: 0, turn: 0, page: 0, from: null });
  drawPages();
  // Where a case stopped, the page begins with why: nothing may scroll past it.
  if (beginAtFault() || byId("pasos")) return;
  const first = firstAsked();
  if (!first) return;
  first.focus();
  // Nor may anything scroll past what the papers are told of: then the page begins there, and Enter goes on.
  const passed = [...document.querySelectorAll("[data-aviso]")].find((told) => told.getBoundingClientRect().top < 0);
  if (!passed) return;
  passed.tabIndex = -1;
  passed.focus({ preventScroll: true });
  passed.scrollIntoView({ block: "center" });
}
document.addEventListener("DOMContentLoaded", beginCase);
document.addEventListener("htmx:afterSettle", beginCase);
