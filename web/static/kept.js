// What somebody wrote is not lost when their session is over: a form that is sent is kept in this window until
// the next page. If that page asks to sign in, or says that the form was too old, it waits there, and the same
// person finds it again on the page that it was written on. Nothing is kept of pages without a person, of keys,
// or of files.
const KEPT = "ventanilla-enviado";

function readKept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

function keepForm(form) {
  const values = [];
  for (const field of form.elements) {
    if (!field.name || ["hidden", "password", "file", "submit", "button"].includes(field.type)) continue;
    const isTick = field.type === "checkbox" || field.type === "radio";
    values.push([field.name, isTick ? field.value : null, isTick ? field.checked : field.value]);
  }
  try {
    const kept = { by: document.body.dataset.usuario, page: location.pathname, to: form.getAttribute("action"), values };
    sessionStorage.setItem(KEPT, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing loses nothing that it had.
  }
}

function fill(form, values) {
  for (const [name, choice, value] of values) {
    for (const field of form.elements) {
      if (field.name !== name || (choice !== null && field.value !== choice)) continue;
      if (choice === null) field.value = value;
      else field.checked = value;
      field.closest("details")?.setAttribute("open", "");
    }
  }
}

// Two forms of a page may lead to the same address: the one with the same fields is meant.
function findForm(kept) {
  const names = kept.values.map(([name]) => name);
  return [...document.forms].find((form) => form.getAttribute("action") === kept.to && names.every((name) => form.elements.namedItem(name)));
}

// A choice that decides which fields there are has to stand before what was written in them finds its place.
function bringFields(kept) {
  for (const choice of document.querySelectorAll("select[data-decides]")) {
    const wanted = kept.values.find(([name]) => name === choice.name)?.[2];
    if (kept.brought || choice.form.getAttribute("action") !== kept.to || !wanted || wanted === choice.value) continue;
    sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, brought: true }));
    location.replace(`?${choice.dataset.decides}=${encodeURIComponent(wanted)}`);
    return true;
  }
  return false;
}

function giveBack() {
  const kept = readKept();
  if (!kept || location.pathname === "/acceso") return;
  if (kept.signedOut && kept.by === document.body.dataset.usuario && bringFields(kept)) return;
  sessionStorage.removeItem(KEPT);
  if (!kept.signedOut || kept.by !== document.body.dataset.usuario) return;
  if (kept.to === null && kept.page !== location.pathname) return;
  const form = findForm(kept);
  if (!form) return;
  fill(form, kept.values);
  const told = document.createElement("div");
  told.className = "notice";
  told.setAttribute("role", "alert");
  told.textContent = "Su sesión o la página habían vencido y nada se guardó. Lo que escribió está otra vez en su lugar: por favor revíselo y vuelva a enviarlo.";
  form.prepend(told);
  form.scrollIntoView({ block: "center" });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (document.body.dataset.usuario && form.method === "post" && !form.matches("[enctype]")) keepForm(form);
});
document.addEventListener("DOMContentLoaded", () => {
  const kept = readKept();
  const isExpired = document.querySelector("[data-vencida]");
  if (kept && (isExpired || (location.pathname === "/acceso" && !document.body.dataset.usuario))) {
    sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, signedOut: true }));
    document.getElementById("se-conserva")?.removeAttribute("hidden");
  }
  if (!isExpired) giveBack();
});
