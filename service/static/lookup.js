// Looks up while one types. An answer that is overtaken by a later one is dropped.

import { ask, element, onKey, say } from "./service.js";

const PAUSE_MS = 120;
const form = document.getElementById("search");
const list = document.getElementById("customers");
let timer = 0;
let latest = 0;

async function lookUp() {
  const asked = ++latest;
  const term = document.getElementById("term").value;
  const currency = document.getElementById("currency").value;
  const body = { search_term: term, ...(currency.length === 3 ? { currency_code: currency } : {}) };
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  try {
    const customers = await ask(form.dataset.url, options);
    if (customers !== null && asked === latest) {
      show(customers, term);
    }
  } catch {
    say("The service cannot be reached.");
  }
}

function show(customers, term) {
  list.replaceChildren(...customers.map(row));
  say(term.trim() === "" ? "" : customers.length === 0 ? "Nobody found." : `${customers.length} found.`);
}

function row(customer) {
  const item = document.createElement("li");
  item.append(element("span", "name", customer.name ?? customer.identifier));
  item.append(element("span", "money", money(customer)));
  const place = [customer.postal_code, customer.city].filter(Boolean).join(" ");
  const about = [customer.identifier, customer.phone, customer.email, customer.street, place, customer.additional_info];
  item.append(element("span", "about", about.filter(Boolean).join(" · ")));
  if (customer.block_sales) {
    item.append(element("span", "blocked", "No sale on account"));
  }
  return item;
}

function money(customer) {
  const balance = customer.balance?.balance ?? customer.balance;
  const parts = [["Balance", balance], ["overdue", customer.balance_overdue], ["limit", customer.credit_limit]];
  return parts.filter(([, amount]) => amount !== undefined).map(([name, amount]) => `${name} ${amount}`).join(", ");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  lookUp();
});
form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(lookUp, PAUSE_MS);
});
onKey(lookUp);
