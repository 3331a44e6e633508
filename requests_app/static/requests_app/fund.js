/* Comfort only: every page works without this file. */
(function () {
  "use strict";
  var doc = document, store = window.sessionStorage, body = doc.body;
  var all = function (selector, root) { return Array.prototype.slice.call((root || doc).querySelectorAll(selector)); };

  var summary = doc.querySelector("[data-error-summary]");
  if (summary) summary.focus();

  all("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  all("[data-count-for]").forEach(function (line) {
    var box = doc.getElementById(line.dataset.countFor);
    if (!box) return;
    var text = line.textContent;
    var show = function () {
      // The server counts as it stores: line ends are one letter.
      var left = Number(line.dataset.limit) - box.value.length;
      line.textContent = (left < 0 ? line.dataset.over || text : text).replace(line.dataset.limit, Math.abs(left));
    };
    box.addEventListener("input", show);
    show();
  });

  /* Typed values are kept in this tab until the next page arrives, so a lost connection loses nothing. */
  var PREFIX = "typed:", here = PREFIX + location.pathname;
  var kept = function (form) {
    return all("input,textarea,select", form).filter(function (box) {
      return box.name && !/^(hidden|password|file|submit)$/.test(box.type) &&
        !("private" in box.dataset) && box.autocomplete !== "one-time-code";
    });
  };
  var keep = function (form) {
    var values = kept(form).map(function (box) { return [box.name, box.value, box.checked]; });
    try { store.setItem(here, JSON.stringify(values)); } catch (full) { /* Private windows may refuse. */ }
  };
  var forms = all("main form[method='post']").filter(function (form) { return !("noKeep" in form.dataset); });
  var waiting = null;
  var offline = function (on) {
    var line = doc.getElementById("offline");
    if (!on) { if (line) line.remove(); return; }
    if (line) return;
    line = doc.createElement("p");
    line.id = "offline";
    line.className = "offline";
    line.setAttribute("role", "status");
    line.textContent = body.dataset.offline;
    body.appendChild(line);
  };
  try {
    /* What a page says it has is not typed again; while a code is asked for, what was typed before waits. */
    if (doc.querySelector(".notice.ok")) store.removeItem(here);
    if (!doc.querySelector("[data-keep-others]")) Object.keys(store).forEach(function (key) {
      if (key.indexOf(PREFIX) === 0 && key !== here) store.removeItem(key);
    });
    var old = JSON.parse(store.getItem(here) || "[]");
    if (old.length && !summary) forms.forEach(function (form) {
      kept(form).forEach(function (box) {
        old.forEach(function (row) {
          if (row[0] !== box.name) return;
          if (/^(checkbox|radio)$/.test(box.type)) { if (row[1] === box.value) box.checked = row[2]; }
          else if (!box.value) box.value = row[1];
        });
      });
    });
  } catch (unreadable) { /* A broken note is no note. */ }
  forms.forEach(function (form) {
    form.addEventListener("input", function () { keep(form); });
    form.addEventListener("submit", function (event) {
      keep(form);
      if (navigator.onLine) return;
      event.preventDefault();
      waiting = [form, event.submitter];
      offline(true);
    });
  });
  window.addEventListener("offline", function () { if (forms.length) offline(true); });
  window.addEventListener("online", function () {
    offline(false);
    if (waiting) { var last = waiting; waiting = null; last[0].requestSubmit(last[1] || undefined); }
  });

  /* A chosen file is sent at once; one that is too large never leaves the phone. */
  all("form[data-upload]").forEach(function (form) {
    var box = form.querySelector("input[type='file']"), button = form.querySelector("button");
    var line = doc.createElement("p");
    line.className = "hint";
    line.setAttribute("role", "status");
    form.appendChild(line);
    button.hidden = true;
    box.addEventListener("change", function () {
      if (!box.files.length) return;
      var large = box.files[0].size > 1e7;
      line.className = large ? "error-text" : "hint";
      line.textContent = large ? form.dataset.tooLarge : form.dataset.sending;
      if (large) box.value = ""; else form.requestSubmit();
    });
  });

  /* Five minutes before the session ends whoever is signed in may stay with one press; what was typed is kept anyway. */
  var stay = body.dataset.stayUrl;
  var idle = function () {
    window.clearTimeout(idle.timer);
    idle.timer = window.setTimeout(function () {
      if (doc.getElementById("idle")) return;
      var line = doc.createElement("div"), text = doc.createElement("p"), button = doc.createElement("button");
      line.id = "idle";
      line.className = "offline";
      line.setAttribute("role", "alertdialog");
      line.setAttribute("aria-label", body.dataset.idle);
      text.textContent = body.dataset.idle;
      button.type = "button";
      button.className = "btn";
      button.textContent = body.dataset.stay;
      button.addEventListener("click", function () {
        window.fetch(stay, { credentials: "same-origin" }).then(function (answer) {
          if (!answer.ok) return;
          line.remove();
          idle();
        });
      });
      line.appendChild(text);
      line.appendChild(button);
      body.appendChild(line);
      button.focus();
    }, Number(body.dataset.idleMinutes) * 60000);
  };
  if (stay) idle();

  /* A slider writes into the number box beside it; the box is what counts. */
  all("input[type='range'][data-box]").forEach(function (slider) {
    var box = doc.getElementById(slider.dataset.box);
    if (!box) return;
    slider.hidden = false;
    slider.addEventListener("input", function () { box.value = slider.value; });
    box.addEventListener("input", function () { slider.value = box.value; });
  });

  /* Whoever is signed out meanwhile is led to sign in, instead of seeing figures without a page. */
  doc.addEventListener("htmx:beforeSwap", function (event) {
    var from = event.detail.xhr.responseURL;
    if (!from || new URL(from).pathname === location.pathname) return;
    event.preventDefault();
    location.reload();
  });

  /* What was opened stays open when figures are swapped; each is known by where it stands. */
  var opened = {};
  var nameOf = function (part) {
    var box = part.closest("[id]");
    return box ? box.id + " " + all("details", box).indexOf(part) : "";
  };
  doc.addEventListener("toggle", function (event) {
    if (event.target.matches("details")) opened[nameOf(event.target)] = event.target.open;
  }, true);
  doc.addEventListener("htmx:afterSettle", function () {
    all("details").forEach(function (part) { if (opened[nameOf(part)]) part.open = true; });
  });

  /* The queue by keyboard. Single keys can be turned off, and the choice is remembered. */
  var table = doc.querySelector("[data-queue]"), strip = doc.querySelector("[data-keys]");
  var off = false, chord = false;
  try { off = window.localStorage.getItem("keys") === "off"; } catch (refused) { off = false; }
  var showStrip = function () {
    var toggle = strip && strip.querySelector("[data-keys-toggle]");
    if (!toggle) return;
    toggle.hidden = false;
    toggle.textContent = off ? toggle.dataset.on : toggle.dataset.off;
    strip.toggleAttribute("data-off", off);
  };
  if (strip) strip.addEventListener("click", function (event) {
    if (!event.target.matches("[data-keys-toggle]")) return;
    off = !off;
    try { window.localStorage.setItem("keys", off ? "off" : "on"); } catch (refused) { /* Only for this page then. */ }
    showStrip();
  });
  showStrip();
  var rows = table ? all("[data-row]", table) : [];
  var current = function () { return table && table.querySelector(".current"); };
  var go = function (step) {
    var at = rows.indexOf(current()), next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
    if (!next) return;
    rows.forEach(function (row) { row.classList.toggle("current", row === next); });
    var link = next.querySelector("a");
    if (link) link.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  var counted = doc.querySelector("[data-selected]");
  var recount = function () {
    if (counted) counted.textContent = all("[data-row] input:checked", table).length;
  };
  if (table) table.addEventListener("change", function (event) {
    if (event.target.matches("[data-all]")) rows.forEach(function (row) {
      var box = row.querySelector("input[type='checkbox']");
      if (box) box.checked = event.target.checked;
    });
    recount();
  });
  recount();
  doc.addEventListener("keydown", function (event) {
    if (off || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "checkbox") return;
    var key = event.key, row = current(), hit;
    if (chord) {
      chord = false;
      hit = doc.querySelector("[data-go='" + CSS.escape(key) + "']");
    } else if (key === "g") { chord = true; return; }
    else if (key === "/") hit = doc.querySelector("[data-search]");
    else if (table && (key === "j" || key === "k")) { event.preventDefault(); go(key === "j" ? 1 : -1); return; }
    else if (row && key === "x") hit = row.querySelector("input[type='checkbox']");
    else if (row && key === "Enter" && event.target === body) hit = row.querySelector("a");
    else if (key.length === 1) hit = (row && row.querySelector("[data-key='" + CSS.escape(key) + "']")) ||
      doc.querySelector("[data-key='" + CSS.escape(key) + "']");
    if (!hit) return;
    event.preventDefault();
    if (hit.matches("input:not([type='checkbox']),textarea")) hit.focus(); else hit.click();
  });
})();
