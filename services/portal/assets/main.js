import "./main.css";
import "virtual:positions.css";
import htmx from "htmx.org";
import { attachWithin } from "./attach.js";
import "./features/board-ghost.js";
import "./features/board-keys.js";
import "./features/board-pointer.js";
import "./features/copy.js";
import "./features/drawer.js";
import "./features/live.js";
import "./features/menu.js";
import "./features/now-line.js";
import "./features/reservation-form.js";
import "./features/screen.js";
import "./features/submit-on-change.js";
import "./features/toast.js";

// The one header that every htmx request carries.
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = document.querySelector('meta[name="csrf-token"]').content;
});
htmx.onLoad(attachWithin);
attachWithin(document.documentElement);
