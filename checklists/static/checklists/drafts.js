// Dragging parts of a draft, and menus that follow what is chosen. Everything also works without this file.
(() => {
  "use strict";
  document.documentElement.classList.add("has-script");

  // Dragging: a part is dropped before another one of its own list; a question may change concern.
  const tree = document.querySelector("[data-tree]");
  if (tree && tree.querySelector("button[name=up]")) {
    let dragged = null;
    const clear = () => tree.querySelectorAll(".is-over").forEach((line) => line.classList.remove("is-over"));
    const listOf = (line) => line.parentElement;
    tree.querySelectorAll("[data-part]").forEach((line) => (line.draggable = true));
    tree.addEventListener("dragstart", (event) => {
      dragged = event.target.closest("[data-part]");
      if (!dragged) return;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", dragged.dataset.part);
      dragged.classList.add("is-dragged");
    });
    tree.addEventListener("dragend", () => {
      if (dragged) dragged.classList.remove("is-dragged");
      dragged = null;
      clear();
    });
    const target = (event) => {
      if (!dragged) return null;
      const family = listOf(dragged).dataset.family;
      let line = event.target.closest("[data-part]");
      while (line && listOf(line).dataset.family !== family) line = line.parentElement.closest("[data-part]");
      return line === dragged ? null : line;
    };
    tree.addEventListener("dragover", (event) => {
      const line = target(event);
      clear();
      if (!line) return;
      event.preventDefault();
      line.classList.add("is-over");
    });
    tree.addEventListener("drop", (event) => {
      const line = target(event);
      if (!line) return;
      event.preventDefault();
      const say = (name, value) => {
        const field = document.createElement("input");
        field.type = "hidden";
        field.name = name;
        field.value = value;
        tree.append(field);
      };
      say("drop", dragged.dataset.part);
      say("before", line.dataset.part);
      if (listOf(line).dataset.concern) say("concern", listOf(line).dataset.concern);
      tree.submit();
    });
  }

  // A condition's menus: the same form, sent without leaving the page; only the builder is changed.
  const form = document.getElementById("part-form");
  if (!form) return;
  async function redraw(box, order, focus) {
    const sent = new FormData(form);
    sent.set(`${box.dataset.condition}--do`, order);
    const answer = await fetch(location.href, { method: "POST", body: sent });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(box.id);
    if (!fresh) return;
    box.replaceWith(fresh);
    (fresh.querySelector(focus) || fresh.querySelector("button")).focus();
  }
  form.addEventListener("click", (event) => {
    const button = event.target.closest(".condition button");
    if (!button) return;
    event.preventDefault();
    // After an addition one goes on with the new comparison, the last of its group.
    redraw(button.closest(".condition"), button.value, button.dataset.next ? `[name="${button.dataset.next}"]` : "select");
  });
  form.addEventListener("change", (event) => {
    const field = event.target;
    if (!field.matches("[data-condition-refresh]")) return;
    const own = `[name="${CSS.escape(field.name)}"]`;
    redraw(field.closest(".condition"), "refresh", field.type === "checkbox" ? `${own}[value="${CSS.escape(field.value)}"]` : own);
  });
})();
