// Fetches the page again every two seconds and swaps the live regions that changed, so that scroll and focus stay.
const pause = 2000;

async function refresh() {
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const region of document.querySelectorAll("[data-live]")) {
        const next = fresh.getElementById(region.id);
        const busy = region.contains(document.activeElement) && document.activeElement.matches("input, select");
        if (next && !busy && next.innerHTML !== region.innerHTML) region.replaceChildren(...next.childNodes);
      }
    } catch {
      // the stand-in is restarting: the next round tries again
    }
  }
  setTimeout(refresh, pause);
}

setTimeout(refresh, pause);
