/* Comfort only: every page works without this file. */
"use strict";

// After a failed form the reader hears and sees first what is to be mended.
const summary = document.querySelector("[data-focus]");
if (summary) {
  summary.focus();
}

// A second tap on a slow phone must not send the form again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) {
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "true";
});

// Coming back by the browser's arrow shows the old page: let its forms be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
  }
});

// Buttons that need a script are hidden until the script is there.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) {
    continue;
  }
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
    button.querySelector(".kern-label").textContent = button.dataset.copied;
  });
}
