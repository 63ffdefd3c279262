// Comforts only; every page works without them. Theme without a reload, "/" to search, j and k from paper to paper, and
// forms that are answered in place: see "swap".
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

  // A form (or a button of one) with data-swap="#one #other" is sent in the background, and the first of these parts
  // that the answered page has takes the place of the one here. A page with none of them replaces all of <main>: it
  // says what went wrong. XMLHttpRequest reads pages without running them, and needs no policy of trusted types.
  const swap = (form, button, places) => {
    const request = new XMLHttpRequest();
    const say = (text) => {
      let note = form.querySelector(".unsent");
      if (!note) form.append((note = Object.assign(document.createElement("p"), { className: "unsent" })));
      note.setAttribute("role", "alert");
      note.textContent = text;
    };
    const done = () => {
      form.removeAttribute("aria-busy");
      const page = request.response;
      const name = places.split(" ").find((one) => page?.getElementById(one.slice(1)) && document.getElementById(one.slice(1)));
      const old = name ? document.getElementById(name.slice(1)) : document.querySelector("main");
      const part = name ? page.getElementById(name.slice(1)) : page?.querySelector("main");
      if (!part) return say("No answer that can be shown. Nothing you wrote is lost: try again.");
      const fresh = [part, ...part.querySelectorAll("[id]")].find((one) => one.id && !document.getElementById(one.id));
      const held = old.contains(document.activeElement) && document.activeElement.id;
      old.replaceWith(document.adoptNode(part));
      const next = fresh || document.getElementById(held || part.id);
      if (!next.matches("a, button, input, select, textarea, summary, [tabindex]")) next.tabIndex = -1;
      next.focus({ preventScroll: !fresh });
      if (fresh || !name) next.scrollIntoView({ block: "nearest" });
    };
    request.open("POST", button?.hasAttribute("formaction") ? button.formAction : form.action);
    request.responseType = "document";
    request.setRequestHeader("X-Swap", places);
    request.onload = done;
    request.onerror = () => { form.removeAttribute("aria-busy"); say("This could not be sent. Nothing you wrote is lost: try again."); };
    form.setAttribute("aria-busy", "true");
    request.send(new URLSearchParams(new FormData(form, button)));
  };

  document.addEventListener("submit", (event) => {
    const places = event.submitter?.dataset.swap || event.target.dataset.swap;
    if (!places || event.defaultPrevented) return;
    event.preventDefault();
    if (!event.target.hasAttribute("aria-busy")) swap(event.target, event.submitter, places);
  });

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
