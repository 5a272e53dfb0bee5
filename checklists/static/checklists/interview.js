// The interview without a reload. Everything also works without this file.
(() => {
  "use strict";
  document.documentElement.classList.add("has-script");
  const answers = () => [...document.querySelectorAll(".one-question input[type=radio]:not(:disabled)")];

  function ready() {
    const hint = document.querySelector(".keys-hint");
    if (hint) hint.hidden = !answers().length;
  }

  // Digits choose only while the focus is in the answers: there, no screen reader and no browser has a use for them.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (!event.target.matches(".one-question input[type=radio]")) return;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    const chosen = digit && answers()[Number(digit[1]) - 1];
    if (!chosen) return;
    event.preventDefault();
    chosen.focus();
    chosen.click();
  });

  document.addEventListener("change", (event) => {
    const card = event.target.closest(".one-question");
    if (!card) return;
    const justification = card.querySelector(".justification");
    const chosen = card.querySelector("input[type=radio]:checked");
    if (justification) justification.toggleAttribute("data-quiet", !chosen || chosen.value !== "not_applicable");
    if (event.target.matches("#whom") && event.target.value) {
      const unknown = card.querySelector("input[value=unknown]");
      if (unknown) unknown.checked = true;
    }
    if (event.target.closest(".given")) {
      const given = card.querySelector("input[value=given]");
      if (given && event.target.value) given.checked = true;
    }
  });

  // The next question takes the focus, so that it is read out and the keys choose in it.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.target.matches("#interview")) return;
    ready();
    const error = document.getElementById("error-summary");
    const found = error || answers().find((each) => each.checked) || answers()[0] || document.querySelector("#interview h1");
    if (!found) return;
    if (found.matches("h1")) found.tabIndex = -1;
    found.focus({ preventScroll: true });
  });
  ready();
})();
