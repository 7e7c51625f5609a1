// Counts down the room of a field while somebody types in it, offers digits where only digits can be meant, and
// puts away the buttons that stand in for scripts. Without this file everything works: the limit stands in the
// help.
document.documentElement.classList.add("scripted");

// The same breaking as forms.layout.wrap: at blanks, and within a word that is longer than a line.
function wrapText(text, width) {
  const lines = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.trim().split(/[ \t\u00a0]+/)) {
      let rest = [...word];
      const used = [...line].length;
      if (line && used + 1 + rest.length <= width) {
        line += ` ${word}`;
        continue;
      }
      if (line) lines.push(line);
      for (; rest.length > width; rest = rest.slice(width)) lines.push(rest.slice(0, width).join(""));
      line = rest.join("");
    }
    lines.push(line);
  }
  return lines;
}

function tellLines(field) {
  const most = Number(field.dataset.lines);
  const width = Number(field.dataset.columns);
  const lines = wrapText(field.value.replace(/^\n+|\n+$/g, ""), width);
  if (lines.length > most) return `No cabe: ocupa ${lines.length} líneas y caben ${most}.`;
  const left = width - [...lines.at(-1)].length;
  return `Va por la línea ${lines.length} de ${most}; en ella quedan ${left} letras.`;
}

document.addEventListener("input", (event) => {
  const field = event.target;
  const told = document.getElementById(`${field.id}-quedan`);
  if (!told) return;
  if (field.dataset.lines) told.textContent = tellLines(field);
  else if (field.dataset.room) told.textContent = `Quedan ${Number(field.dataset.room) - [...field.value].length}.`;
});

// A cédula is all digits; a foreigner's code need not be.
function offerDigits() {
  for (const field of document.querySelectorAll("[data-kind-of]")) {
    const kind = document.getElementById(field.dataset.kindOf);
    field.inputMode = kind && kind.value === "cedula" ? "numeric" : "text";
  }
}
document.addEventListener("change", offerDigits);
document.addEventListener("DOMContentLoaded", offerDigits);
