// A file that was waited for is downloaded as soon as it is ready.
document.addEventListener("htmx:afterSettle", () => {
  const link = document.querySelector("a[data-download-now]");
  if (link) link.click();
});
