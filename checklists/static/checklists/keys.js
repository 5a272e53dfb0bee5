// A key that did not serve: said on the page, where the library says it on the console only.
(() => {
  "use strict";
  const told = document.getElementById("key-failed");
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    told.hidden = false;
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("button")) told.hidden = true;
  });
})();
