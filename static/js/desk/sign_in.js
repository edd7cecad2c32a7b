// The password in plain letters, for whoever has it on a slip of paper; without script there is no such box.
const box = /** @type {HTMLInputElement} */ (document.querySelector("[data-show-password] input"));
const field = /** @type {HTMLInputElement} */ (document.getElementById("password"));

const show = () => {
  field.type = box.checked ? "text" : "password";
};

/** @type {HTMLElement} */ (box.closest("label")).hidden = false;
box.addEventListener("change", show);
// A browser keeps what was ticked when one comes back to the page, and offers to store only what goes as a password.
show();
field.form?.addEventListener("submit", () => {
  field.type = "password";
});
