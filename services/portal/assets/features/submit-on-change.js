// A form of filters that needs no button.
import { feature } from "../attach.js";

feature("[data-submit-on-change]", (form) => {
  form.addEventListener("change", () => form.requestSubmit ? form.requestSubmit() : form.submit());
});
