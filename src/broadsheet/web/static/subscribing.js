// Comforts only. A form that nobody has filled yet begins in the browser's own time zone, and what is typed beside a
// choice chooses it.
(() => {
  "use strict";
  const zone = document.querySelector("select[data-guess]");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && [...zone.options].some((option) => option.value === here)) zone.value = here;
  for (const box of document.querySelectorAll(".named input:not([type])")) {
    box.addEventListener("input", () => {
      box.closest("p").querySelector("[type=radio]").checked = true;
    });
  }
})();
