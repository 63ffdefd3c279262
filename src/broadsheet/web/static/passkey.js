// Passkeys: the browser makes a key or uses one, and its answer goes to the server in the form that asked for it.
// Forms with data-passkey are hidden in the page: without this script, or where a browser has no passkeys, so they stay.
(() => {
  "use strict";
  const kind = window.PublicKeyCredential;
  // A passkey belongs to a name: an address of numbers cannot have one.
  const named = !/^[\d.]+$|:/.test(location.hostname);
  if (!window.isSecureContext || !named || !kind?.parseCreationOptionsFromJSON) return;

  const sentences = {
    NotAllowedError: "No passkey was used: it was cancelled, took too long, or there is none for this site.",
    InvalidStateError: "This device has a passkey for this account already.",
    SecurityError: "Passkeys work only at this site’s own address.",
  };

  const asked = async (form) => {
    const body = new URLSearchParams({ csrf: form.elements.csrf.value });
    const answer = await fetch(form.dataset.passkey, { method: "POST", body });
    if (!answer.ok) throw new Error();
    const { ticket, options } = await answer.json();
    const given = JSON.parse(options);
    const key = "make" in form.dataset
      ? await navigator.credentials.create({ publicKey: kind.parseCreationOptionsFromJSON(given) })
      : await navigator.credentials.get({ publicKey: kind.parseRequestOptionsFromJSON(given) });
    form.elements.ticket.value = ticket;
    form.elements.answer.value = JSON.stringify(key.toJSON());
    form.submit();
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const wrong = form.querySelector(".wrong");
      wrong.hidden = true;
      asked(form).catch((error) => {
        wrong.textContent = sentences[error.name] || "The passkey could not be used just now. Reload the page and try again.";
        wrong.hidden = false;
      });
    });
  }
})();
