// The fields of one place of work; a credit code whose check character is odd is warned about, never refused.
import { checkCreditCode } from "../offline/documents.js";
import { fill, make } from "./bind.js";
import { bindChips, bindText, field, pointAt, showError, showPhone } from "./fields.js";
import { say } from "./texts.js";

/** @param {import("./fields.js").Binding} binding */
export function workplaceForm(binding) {
  const { entry, known } = binding;
  const form = make("t-workplace-form");
  fill(form, { adding: !known });
  form.dataset.workplace = form.dataset.entry = entry.workplace;
  for (const name of ["name", "credit_code", "contact_name", "headcount", "dormitory_headcount"])
    bindText(form, binding, name);
  bindText(form, binding, "contact_phone", {
    value: entry.contact_phone ?? "",
    masked: known?.contact_phone ?? "",
  });
  bindChips(form, binding, "kind", binding.lists.workplace_kind);
  field(form, "contact_phone").addEventListener("blur", () => showPhone(form, "contact_phone"));
  field(form, "credit_code").addEventListener("blur", () => showCode(form));
  return form;
}

/** @param {HTMLElement} form */
function showCode(form) {
  const input = field(form, "credit_code");
  const check = checkCreditCode(input.value);
  const odd = input.value !== "" && (!check.ok || Boolean(check.warning));
  showError(form, "credit_code", odd ? say(check.ok ? "credit_code_check" : "credit_code_wrong") : "");
  if (check.ok) input.setAttribute("aria-invalid", "false");
  input.closest(".field")?.classList.toggle("is-away", check.ok);
  pointAt(form, "credit_code", odd ? check : null);
}
