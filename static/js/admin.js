/* SPDX-License-Identifier: Apache-2.0 */
/* Polish of the panel; every page works without it.  What it adds: a card
   file of any length is sent in pieces, and goes on where it stopped. */
"use strict";

(function () {
  var form = document.querySelector("form[data-import]");
  var PIECE = 90 * 1024;
  var batch = null, next = 0, at = 0;
  if (!form) return;
  var status = form.querySelector("[data-progress]");

  function say(text) {
    status.hidden = false;
    status.textContent = text;
  }

  function post(url, data) {
    data.append("csrf", form.elements.csrf.value);
    return fetch(url, { method: "POST", body: data, credentials: "same-origin" })
      .then(function (r) {
        if (!r.ok) throw new Error(String(r.status));
        return r.json();
      });
  }

  function open() {
    var fields = new URLSearchParams();
    (form.dataset.fields || "sku name note cost").split(" ").forEach(function (n) {
      fields.append(n, form.elements[n].value);
    });
    return post(form.dataset.open, fields).then(function (a) { batch = a; });
  }

  /* Whole lines only: the piece ends behind its last line break. */
  function cut(bytes, last) {
    if (last) return bytes.length;
    var end = bytes.lastIndexOf(10);
    if (end < 0) throw new Error("line");
    return end + 1;
  }

  function send(file) {
    if (at >= file.size) return Promise.resolve();
    return file.slice(at, at + PIECE).arrayBuffer().then(function (buffer) {
      var bytes = new Uint8Array(buffer);
      var n = cut(bytes, at + bytes.length >= file.size);
      var data = new FormData();
      data.append("seq", String(next));
      data.append("chunk", new Blob([bytes.subarray(0, n)]), "chunk");
      return post(form.dataset.chunk + batch.batch + "/chunk", data)
        .then(function () {
          at += n;
          next += 1;
          say(status.dataset.text.replace("{}", Math.floor(at * 100 / file.size)));
          return send(file);
        });
    });
  }

  form.addEventListener("submit", function (e) {
    var file = form.elements.file.files[0];
    if (!file || !form.reportValidity()) return;
    e.preventDefault();
    var button = form.querySelector("button");
    button.disabled = true;
    (batch ? Promise.resolve() : open())
      .then(function () { return send(file); })
      .then(function () { location.href = batch.url; })
      .catch(function () {
        button.disabled = false;
        say(status.dataset.failed);
      });
  });
})();
