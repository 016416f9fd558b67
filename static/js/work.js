/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work before an order (fcgi/shop/work.h): sixteen numbers n with
 * SHA-256("CHALLENGE.i.n") beginning with zero bits, put behind the challenge
 * in the form's field "work".
 *
 * This file is the page's script and the worker's.  SHA-256 is written out
 * here: crypto.subtle answers each hash by a promise, which takes far longer
 * than the hash, and is not there without HTTPS.  Where no worker starts, the page computes in
 * slices; where nothing works, the form is sent as it is, and waiting counts.
 */
(function () {
  "use strict";

  var PIECES = 16, PIECE_BITS = 4, SLICE = 16000;
  var K = new Int32Array(64), H = new Int32Array(8);

  /* Fractions of the roots of the first primes: FIPS 180-4, 4.2.2, 5.3.3. */
  (function () {
    var n = 0, p, q;

    for (p = 2; n < 64; p++) {
      for (q = 2; q * q <= p && p % q; q++)
        ;
      if (q * q <= p)
        continue;
      if (n < 8)
        H[n] = Math.sqrt(p) % 1 * 4294967296;
      K[n++] = Math.cbrt(p) % 1 * 4294967296;
    }
  })();

  /* The first word of the hash of one block; w has 64 words, the first 16 of
   * them the block. */
  function hash(w) {
    var a = H[0], b = H[1], c = H[2], d = H[3];
    var e = H[4], f = H[5], g = H[6], h = H[7];
    var i, s, t, x, y;

    for (i = 0; i < 64; i++) {
      if (i < 16) {
        s = w[i];
      } else {
        x = w[i - 15];
        y = w[i - 2];
        s = ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) +
          ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10) +
          w[i - 7] + w[i - 16] | 0;
        w[i] = s;
      }
      s = s + K[i] + h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^
        (e >>> 25 | e << 7)) + (e & f ^ ~e & g) | 0;
      t = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^
        (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
      h = g;
      g = f;
      f = e;
      e = d + s | 0;
      d = c;
      c = b;
      b = a;
      a = s + t | 0;
    }
    return H[0] + a | 0;
  }

  /* Tries the numbers after text in their order: a function that makes so many
   * tries and gives the number found, or -1. */
  function piece(text, bits) {
    var w = new Int32Array(64), at = text.length, digits = 0, n = 0, end = 0;

    function put(i, byte) {
      w[i >> 2] |= byte << 24 - 8 * (i & 3);
    }

    function longer() {
      var i;

      digits++;
      n = digits === 1 ? 0 : end;
      end = Math.pow(10, digits);
      w.fill(0);
      for (i = 0; i < at; i++)
        put(i, text.charCodeAt(i));
      for (i = 0; i < digits; i++)
        put(at + i, i === 0 && digits > 1 ? 49 : 48);
      put(at + digits, 128);
      w[15] = 8 * (at + digits);
    }

    /* The last digit goes up; a 9 becomes 0 and the one before it goes up. */
    function next() {
      var i, s;

      if (++n === end) {
        longer();
        return;
      }
      for (i = at + digits - 1; ; i--) {
        s = 24 - 8 * (i & 3);
        if ((w[i >> 2] >>> s & 255) !== 57) {
          w[i >> 2] += 1 << s;
          return;
        }
        w[i >> 2] -= 9 << s;
      }
    }

    longer();
    return function (tries) {
      var found;

      for (; tries > 0; tries--) {
        found = bits === 0 || hash(w) >>> 32 - bits === 0 ? n : -1;
        if (found >= 0)
          return found;
        next();
      }
      return -1;
    };
  }

  /* All of it: a function that makes so many tries, tells each piece, and
   * says if there is more to do. */
  function job(challenge, bits, tell) {
    var i = 0, run = null;

    return function (tries) {
      var n;

      run = run || piece(challenge + "." + i + ".",
        Math.max(0, bits - PIECE_BITS));
      n = run(tries);
      if (n >= 0) {
        tell(n);
        i++;
        run = null;
      }
      return i < PIECES;
    };
  }

  /* ---- as the worker */

  if (typeof document === "undefined") {
    self.onmessage = function (ev) {
      var go = job(ev.data.challenge, ev.data.bits, function (n) {
        self.postMessage(n);
      });

      while (go(1e9))
        ;
    };
    return;
  }

  /* ---- as the page's script */

  var source = document.currentScript.src;

  function startWorker() {
    var url = source;

    if (window.trustedTypes && trustedTypes.createPolicy) {
      startWorker.policy = startWorker.policy || trustedTypes.createPolicy(
        "keystall-work", { createScriptURL: function () { return source; } });
      url = startWorker.policy.createScriptURL("");
    }
    return new Worker(url);
  }

  function slices(challenge, bits, tell) {
    var go = job(challenge, bits, tell), timer;

    function slice() {
      if (go(SLICE))
        timer = setTimeout(slice, 0);
    }

    timer = setTimeout(slice, 0);
    return function () { clearTimeout(timer); };
  }

  /* Calls tell(n) sixteen times.  Gives a function that ends it. */
  function solve(challenge, bits, tell) {
    var told = 0, stop = null, worker;

    function plain() {
      if (worker)
        worker.terminate();
      worker = null;
      if (told === 0 && !stop)
        stop = slices(challenge, bits, tell);
    }

    try {
      worker = startWorker();
      worker.onerror = plain;
      worker.onmessage = function (ev) {
        tell(ev.data);
        if (++told === PIECES)
          worker.terminate();
      };
      worker.postMessage({ challenge: challenge, bits: bits });
    } catch (e) {
      plain();
    }
    return function () {
      if (worker)
        worker.terminate();
      if (stop)
        stop();
    };
  }

  function workForm(form) {
    var opened = Date.now(), challenge = "", found = [], held = false;
    var stop = null, box, wait;

    function show() {
      var bar = box.querySelector("progress");
      var words = found.length === PIECES ? "data-done" :
        held ? "data-held" : "data-busy";
      var text = box.querySelector("[data-work-text]");

      bar.hidden = false;
      bar.value = found.length;
      words = box.getAttribute(words);
      if (text.textContent !== words)
        text.textContent = words;
    }

    function ready() {
      return found.length === PIECES || Date.now() - opened >= wait;
    }

    /* Presses the button that was pressed before its time. */
    function release() {
      if (!held || !ready())
        return;
      held = false;
      form.querySelector("[data-submit]").click();
    }

    function tell(n) {
      found.push(n);
      if (found.length === PIECES)
        form.elements.work.value = challenge + "." + found.join(".");
      show();
      release();
    }

    /* The form as it is now: its price may have been asked for anew. */
    function look() {
      var parts;

      box = form.querySelector("[data-work]");
      if (!box || !form.elements.work)
        return;
      parts = form.elements.work.value.split(".");
      if (parts[0] !== challenge) {
        if (stop)
          stop();
        challenge = parts[0];
        found = parts.slice(1);
        opened = Date.now();
        wait = Number(box.getAttribute("data-wait")) * 1000;
        if (found.length !== PIECES) {
          found = [];
          stop = solve(challenge, Number(box.getAttribute("data-bits")), tell);
        }
        setTimeout(release, wait + 500);
      } else if (found.length === PIECES) {
        form.elements.work.value = challenge + "." + found.join(".");
      }
      show();
    }

    /* Before the form's other listeners: a press that waits is none yet. */
    document.addEventListener("submit", function (ev) {
      if (ev.target !== form || ready() || !form.elements.work ||
          (ev.submitter && ev.submitter.hasAttribute("data-requote")))
        return;
      ev.preventDefault();
      ev.stopPropagation();
      held = true;
      show();
    }, true);
    form.addEventListener("quoted", look);
    look();
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-work]"),
    function (box) { workForm(box.closest("form")); });
})();
