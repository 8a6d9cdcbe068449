// Live rows: the stream names a facility, and its row is fetched again with the reader's own rights.
// A hidden tab closes the stream; after three errors in a row all rows are asked for every 30 seconds.
import htmx from "htmx.org";
import { feature } from "../attach.js";
import { checkAgain } from "./reservation-form.js";

const ERRORS_ALLOWED = 3;
const POLL_SECONDS = 30;
const AGAIN_SECONDS = 4;

const board = () => document.querySelector("[data-board], [data-board-list]");

export function refreshRow(facility, quietly) {
  const place = board();
  const row = document.getElementById(`row-${facility}`) || document.getElementById(`line-${facility}`);
  if (!place || !row) return false;
  // Its own source: htmx keeps only the last of the requests that wait behind another of one source.
  // What has the focus when the fresh row comes keeps it by its id.
  htmx.ajax("GET", place.dataset.row.replace("CODE", facility), { source: row, target: row, swap: "outerHTML" }).then(() => {
    const fresh = document.getElementById(row.id);
    if (fresh && !quietly) fresh.classList.add("flash");
  });
  return true;
}

function refreshAll() {
  const codes = [...document.querySelectorAll("[data-facility]")].map((row) => row.dataset.facility);
  for (const code of new Set(codes)) refreshRow(code, true);
}

feature("body[data-live]", (body) => {
  if (!board()) return;
  let source = null;
  let errors = 0;
  let polling = null;
  let missed = false;  // whether there was a gap in which news may have been lost

  const hear = (event) => {
    const { facility } = JSON.parse(event.data);
    if (facility === "*") refreshAll();
    else refreshRow(facility);
    checkAgain(facility);
  };
  const opened = () => {
    errors = 0;
    body.dataset.listening = "";
    if (missed) refreshAll();
    missed = false;
  };
  const stop = () => {
    if (source) source.close();
    source = null;
    clearInterval(polling);
    polling = null;
  };
  const failed = () => {
    errors += 1;
    missed = true;
    if (source) source.close();
    source = null;
    if (errors >= ERRORS_ALLOWED) polling = polling || setInterval(refreshAll, POLL_SECONDS * 1000);
    else setTimeout(start, AGAIN_SECONDS * 1000 * errors);
  };
  function start() {
    if (document.hidden || source || polling || !window.EventSource) return;
    source = new EventSource(body.dataset.live, { withCredentials: true });
    source.onopen = opened;
    source.onmessage = hear;
    source.onerror = failed;
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      stop();
    } else {
      errors = 0;
      missed = true;
      start();
    }
  });
  addEventListener("pagehide", stop);
  start();
});
