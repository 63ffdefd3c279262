// Copy buttons in the "Cite" box. Without them, one click selects a whole reference (user-select: all).
(() => {
  "use strict";
  if (!navigator.clipboard) return;
  for (const text of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    const name = text.previousElementSibling.textContent;
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy ${name}`);
    button.addEventListener("click", async () => {
      let done = "Copied";
      try {
        await navigator.clipboard.writeText(text.textContent);
      } catch {
        getSelection().selectAllChildren(text);
        done = "Selected";
      }
      button.textContent = done;
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    const cell = Object.assign(document.createElement("dd"), { className: "copy" }); // a list of terms holds no button
    cell.append(button);
    text.after(cell);
  }
})();
