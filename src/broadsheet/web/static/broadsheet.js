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
  // that the answered page has takes the place of the one here; "." is the button itself. What cannot be done is said
  // beside the button, and an answer without the part is gone to. XMLHttpRequest reads pages without running them, and
  // so needs no policy of trusted types.
  const swap = (form, button, places) => {
    const request = new XMLHttpRequest();
    const pressed = button || form;
    const note = () => form.querySelector(".unsent") || document.getElementById(`${pressed.id}-unsent`);
    const say = (text) => {
      const made = note() || Object.assign(document.createElement("span"), { className: "unsent", id: `${pressed.id}-unsent` });
      made.setAttribute("role", "alert");
      made.textContent = text;
      pressed.after(made);
    };
    const lost = "Nothing you wrote is lost: try again.";
    request.open("POST", button?.hasAttribute("formaction") ? button.formAction : form.action);
    request.responseType = "document";
    request.setRequestHeader("X-Swap", places);
    request.onloadend = () => {
      pressed.removeAttribute("aria-busy");
      const page = request.response;
      if (!page) return say(request.status ? `No answer that can be shown. ${lost}` : `This could not be sent. ${lost}`);
      const name = places.split(" ").find((one) => page.getElementById(one) && document.getElementById(one));
      const to = new URL(request.responseURL);
      const at = to.searchParams.has("at") ? `c${to.searchParams.get("at")}` : "";
      if (!name && request.status < 400) {
        to.hash = at;
        return to.href === location.href ? location.reload() : location.assign(to);
      }
      if (!name) return say(["h1", "h1 + p"].map((one) => page.querySelector(`main ${one}`)?.textContent || "").join(". "));
      const old = document.getElementById(name);
      const part = page.getElementById(name);
      const held = old.contains(document.activeElement) ? document.activeElement.id : "";
      note()?.remove();
      old.replaceWith(document.adoptNode(part));
      const next = document.getElementById(at || held) || part;
      if (!next.matches("a, button, input, select, textarea, summary, [tabindex]")) next.tabIndex = -1;
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "nearest" });
    };
    pressed.setAttribute("aria-busy", "true");
    request.send(new URLSearchParams(new FormData(form, button)));
  };

  document.addEventListener("submit", (event) => {
    const [form, button] = [event.target, event.submitter];
    const places = button?.dataset.swap || form.dataset.swap;
    if (!places || event.defaultPrevented) return;
    event.preventDefault();
    const names = places === "." ? button?.id : places.replaceAll("#", "");
    if (names && !(button || form).hasAttribute("aria-busy")) swap(form, button, names);
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
