// Mention by a click: the names listed become buttons that write themselves into the comment.
(() => {
  "use strict";
  document.querySelectorAll("[data-mention-list]").forEach((list) => {
    const field = list.closest("form").querySelector("textarea");
    list.querySelectorAll("[data-handle]").forEach((code) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link-button";
      button.textContent = code.textContent;
      button.addEventListener("click", () => {
        const at = field.selectionStart;
        const before = field.value.slice(0, at);
        const space = before && !/\s$/.test(before) ? " " : "";
        field.setRangeText(`${space}${code.textContent} `, at, field.selectionEnd, "end");
        field.focus();
      });
      code.replaceWith(button);
    });
  });
})();
