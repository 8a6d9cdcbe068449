// Short news at the bottom, read aloud politely; it goes by itself.
import { feature } from "../attach.js";

const SECONDS = 8;

feature("[data-toast]", (element) => {
  setTimeout(() => element.remove(), SECONDS * 1000);
});

export function toast(message, address) {
  const place = document.querySelector("[data-toasts]");
  const element = document.createElement("p");
  element.className = "toast";
  element.append(message);
  if (address) {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = place.dataset.open;
    element.append(link);
  }
  place.append(element);
  setTimeout(() => element.remove(), SECONDS * 1000);
}
