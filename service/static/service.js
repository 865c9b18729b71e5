// Asking the service from a page. The key, where one is needed, stays in this tab (sessionStorage).

const KEPT = "customer-lookup-key";
const form = document.getElementById("key-form");
const message = document.getElementById("message");

export function say(text) {
  message.textContent = text;
}

// The parsed answer, or null with the reason on the page.
export async function ask(url, options = {}) {
  const key = sessionStorage.getItem(KEPT);
  if (form && !key) {
    form.hidden = false;
    return null;
  }
  const headers = { ...options.headers, ...(key ? { "X-API-Key": key } : {}) };
  const response = await fetch(url, { ...options, headers });
  const body = await response.json();
  if (response.ok) {
    return body;
  }
  if (response.status === 401 && form) {
    if (key !== sessionStorage.getItem(KEPT)) {
      return null; // late: another key has been typed meanwhile
    }
    sessionStorage.removeItem(KEPT);
    form.hidden = false;
  }
  say(body.detail);
  return null;
}

export function onKey(again) {
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem(KEPT, document.getElementById("key").value);
    form.hidden = true;
    form.reset();
    say("");
    again();
  });
  if (form && !sessionStorage.getItem(KEPT)) {
    form.hidden = false;
    document.getElementById("key").focus();
  }
}

export function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}
