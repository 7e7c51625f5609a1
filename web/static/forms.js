// Counts down the room of a field while somebody types in it; without this file the limit stands in the help.
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches("[data-room]")) return;
  const told = document.getElementById(`${field.id}-quedan`);
  if (told) told.textContent = `Quedan ${Number(field.dataset.room) - [...field.value].length}.`;
});
