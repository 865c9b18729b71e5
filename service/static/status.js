// Shows the sync, again every few seconds.

import { ask, element, onKey, say } from "./service.js";

const EVERY_MS = 5000;
const section = document.getElementById("sync");

async function refresh() {
  try {
    const status = await ask(section.dataset.url);
    if (status !== null) {
      show(status);
      say("");
    }
  } catch {
    say("The service cannot be reached.");
  }
}

function show(status) {
  section.setAttribute("aria-busy", "false");
  document.getElementById("state").textContent = status.status;
  document.getElementById("problems").replaceChildren(...status.problems.map((text) => element("li", "", text)));
  const facts = {
    "Last caught up": time(status.synced_at),
    "Customers": status.documents ?? "–",
    "Left out (quarantine)": status.quarantined,
    "Generation": status.generation ?? "–",
  };
  const rows = Object.entries(facts).flatMap(([name, value]) => [element("dt", "", name), element("dd", "", value)]);
  document.getElementById("facts").replaceChildren(...rows);
  document.getElementById("jobs").replaceChildren(...status.jobs.map(job));
}

function job(about) {
  const row = document.createElement("tr");
  const name = about.running_since ? `${about.job} (running)` : about.job;
  const cells = [name, time(about.last_success_at), about.runs, about.failures, about.last_error ?? ""];
  row.append(...cells.map((text) => element("td", "", text)));
  return row;
}

function time(text) {
  return text ? new Date(text).toLocaleString() : "never";
}

onKey(refresh);
refresh();
setInterval(refresh, EVERY_MS);
