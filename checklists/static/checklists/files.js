// A file that is too large is told before it is sent. The server refuses it as well.
(() => {
  "use strict";
  const field = document.querySelector("input[type=file][data-most]");
  if (!field) return;
  const check = () => {
    const file = field.files[0];
    field.setCustomValidity(file && file.size > Number(field.dataset.most) ? field.dataset.tooLarge : "");
    if (file) field.reportValidity();
  };
  field.addEventListener("change", check);
})();
