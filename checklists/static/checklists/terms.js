// Escape hides an explanation of a word; it shows again when the pointer or the focus comes back.
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll(".term:hover, .term:focus-within").forEach((term) => {
      term.classList.add("is-shut");
      ["pointerleave", "focusout"].forEach((left) =>
        term.addEventListener(left, () => term.classList.remove("is-shut"), { once: true }),
      );
    });
  });
})();
