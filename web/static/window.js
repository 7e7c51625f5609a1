// Keys of the clerk's desk: the first doubt has the focus; Enter goes to the next one, and from the last
// one sends; «?» shows the keys. Everything works without this file, only slower.
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input[type=text], textarea, select");
  if (event.key === "?" && !typing) {
    const card = document.getElementById("teclas");
    if (card) card.hidden = !card.hidden;
  }
  const evidence = document.getElementById("diferencias");
  if (event.key === "d" && !typing && evidence) evidence.click();
  if (event.key === "Enter" && event.target.matches("input.doubt")) {
    const doubts = [...document.querySelectorAll("input.doubt")];
    const next = doubts[doubts.indexOf(event.target) + 1];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }
});
// The evidence is fetched only when somebody asks for it.
document.addEventListener("change", (event) => {
  if (event.target.id !== "diferencias") return;
  for (const image of document.querySelectorAll("image.evidence")) {
    if (event.target.checked) image.setAttribute("href", image.dataset.href);
    else image.removeAttribute("href");
  }
});
function focusFirstDoubt() {
  // Where a case stopped, the page begins with why: nothing may scroll past it.
  if (document.getElementById("pasos")) return;
  const first = document.querySelector(".doubt") || document.querySelector("#decision input[type=checkbox]");
  if (first) first.focus();
}
document.addEventListener("DOMContentLoaded", focusFirstDoubt);
document.addEventListener("htmx:afterSettle", focusFirstDoubt);
