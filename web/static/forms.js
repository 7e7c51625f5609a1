// Counts down the room of a field while somebody types in it, and puts away the buttons that stand in for
// scripts. Without this file everything works: the limit stands in the help.
document.documentElement.classList.add("scripted");
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches("[data-room]")) return;
  const told = document.getElementById(`${field.id}-quedan`);
  if (told) told.textContent = `Quedan ${Number(field.dataset.room) - [...field.value].length}.`;
});
