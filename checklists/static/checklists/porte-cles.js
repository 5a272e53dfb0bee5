// Saving as one goes, said out loud. Everything also works without this file.
(() => {
  "use strict";
  const desk = document.querySelector(".desk");
  if (!desk || !window.htmx) return;
  document.documentElement.classList.add("has-script");
  const cards = [...desk.querySelectorAll("[data-question]")];
  const unsaved = new Set();
  if (desk.hasAttribute("data-unsaved"))
    cards.filter((card) => card.hasAttribute("data-invalid")).forEach((card) => unsaved.add(card));

  const draftKey = (card) => `${location.pathname}#${card.dataset.question}`;
  const values = (card) =>
    [...card.querySelectorAll("input, textarea, select")]
      .filter((field) => field.type !== "hidden" && (field.type !== "radio" || field.checked))
      .map((field) => [field.name, field.value]);
  const state = (card) => card.querySelector(".save-state");

  function say(card, kind, text, retry) {
    const line = document.createElement("span");
    line.className = kind;
    line.textContent = text;
    state(card).replaceChildren(line);
    if (retry) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link-button";
      button.dataset.retry = "";
      button.textContent = desk.dataset.retry;
      state(card).append(" ", button);
    }
  }

  function showJustification(card) {
    const chosen = card.querySelector("input[type=radio]:checked");
    if (card.querySelector(".justification[data-always]")) return;
    card.querySelector(".justification").toggleAttribute("data-quiet", !chosen || chosen.value !== "not_applicable");
  }

  function remember(card) {
    unsaved.add(card);
    try {
      sessionStorage.setItem(draftKey(card), JSON.stringify(values(card)));
    } catch {
      /* storage may be full or refused */
    }
  }

  function settle(card) {
    unsaved.delete(card);
    sessionStorage.removeItem(draftKey(card));
  }

  cards.forEach((card) => {
    showJustification(card);
    const draft = sessionStorage.getItem(draftKey(card));
    if (!draft || card.disabled || draft === JSON.stringify(values(card))) return;
    JSON.parse(draft).forEach(([name, value]) => {
      const fields = [...card.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
      fields.forEach((field) => {
        if (field.type === "radio") field.checked = field.value === value;
        else field.value = value;
      });
    });
    showJustification(card);
    unsaved.add(card);
    say(card, "failed", desk.dataset.restored, true);
  });

  desk.addEventListener("input", (event) => {
    const card = event.target.closest("[data-question]");
    if (!card) return;
    remember(card);
    showJustification(card);
    // Writing the date or choosing the country is the answer: tick its button.
    if (event.target.closest(".given")) {
      const given = card.querySelector("input[value=given]");
      if (given && event.target.value) given.checked = true;
    }
  });

  desk.addEventListener("click", (event) => {
    const card = event.target.closest("[data-question]");
    if (!card) return;
    // The desk itself carries the words of the retry button: only buttons count.
    if (event.target.closest("button[data-retry], button[data-keep-mine]")) htmx.trigger(card, "retry");
    if (event.target.closest("[data-keep-theirs]")) {
      settle(card);
      // A page that answered a form would be sent again by a reload.
      if (desk.hasAttribute("data-unsaved")) location.assign(location.pathname);
      else location.reload();
    }
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/);
    if (token) event.detail.headers["X-CSRFToken"] = token[1];
  });
  desk.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches("[data-question]")) say(event.target, "saving", desk.dataset.saving);
  });
  desk.addEventListener("htmx:afterRequest", (event) => {
    const card = event.detail.elt;
    if (card.matches("[data-question]") && event.detail.successful) settle(card);
  });
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) =>
    desk.addEventListener(name, (event) => {
      const status = event.detail.xhr ? event.detail.xhr.status : 0;
      if ([401, 409, 422, 423].includes(status)) return; // the server's own words are shown
      if (event.target.matches("[data-question]")) say(event.target, "failed", desk.dataset.failed, true);
    }),
  );

  document.body.addEventListener("porte-cles:asked", (event) => {
    Object.entries(event.detail).forEach(([key, asked]) => {
      const card = document.getElementById(`q-${key}`);
      if (card) {
        card.hidden = !asked;
        card.disabled = !asked;
      }
    });
  });

  let leaving = false;
  desk.addEventListener("submit", () => {
    leaving = true;
    cards.forEach((card) => sessionStorage.removeItem(draftKey(card)));
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved.size && !leaving) event.preventDefault();
  });
  const summary = document.getElementById("error-summary");
  if (summary) summary.focus();
})();
