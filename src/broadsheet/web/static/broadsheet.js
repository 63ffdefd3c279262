// Comforts only; every page works without them. Theme without a reload, "/" to search, j and k from paper to paper.
(() => {
  "use strict";
  const root = document.documentElement;

  document.querySelector("form.theme").addEventListener("submit", (event) => {
    event.preventDefault();
    const theme = event.submitter.value;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    root.dataset.theme = theme;
    document.querySelector(theme === "dark" ? ".to-light" : ".to-dark").focus();
  });

  const step = (by) => {
    const titles = [...document.querySelectorAll(".card h2 a")];
    const at = titles.indexOf(document.activeElement);
    const next = titles[at < 0 && by < 0 ? 0 : at + by];
    if (next) {
      next.focus({ preventScroll: true });
      next.closest(".card").scrollIntoView({ block: "nearest" });
    }
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    if (event.key === "/") {
      const box = document.querySelector("#q, #quick");
      if (!box) return;
      event.preventDefault();
      box.focus();
      box.select();
    } else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
  });
})();
