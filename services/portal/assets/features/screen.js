// A screen at a door or in the hall: fetched again each half minute and whenever the stream names its facility,
// but never under the hands of somebody who types; what was opened closes after a minute without a touch.
import htmx from "htmx.org";
import { feature } from "../attach.js";

const REFRESH_SECONDS = 30;
const REST_SECONDS = 60;
const AGAIN_SECONDS = 5;

feature("[data-screen]", (screen) => {
  let touched = 0;
  const busy = () => screen.querySelector("details[open]") && Date.now() - touched < REST_SECONDS * 1000;
  const refresh = () => {
    if (!busy()) htmx.ajax("GET", screen.dataset.screen, { source: screen, target: screen, swap: "innerHTML" });
  };
  for (const name of ["pointerdown", "keydown", "input"]) {
    screen.addEventListener(name, () => { touched = Date.now(); });
  }
  setInterval(refresh, REFRESH_SECONDS * 1000);

  function listen() {
    if (!window.EventSource) return;
    const source = new EventSource(screen.dataset.stream, { withCredentials: true });
    source.onmessage = (event) => {
      const { facility } = JSON.parse(event.data);
      if (["*", facility].includes(screen.dataset.news) || facility === "*") refresh();
    };
    source.onerror = () => {
      source.close();
      setTimeout(listen, AGAIN_SECONDS * 1000);
    };
  }
  listen();
});
