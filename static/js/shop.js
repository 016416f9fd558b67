/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Polish only: every page does its job without this file.  Text comes from
 * the page (data- attributes), never from here, and is only ever set as text.
 */
(function () {
  "use strict";

  var all = function (sel, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(sel));
  };

  /* ---- product page: total, tiers, stepper ---- */

  function money(pattern, scale, minor) {
    var digits = String(minor);

    while (digits.length <= scale)
      digits = "0" + digits;
    if (scale)
      digits = digits.slice(0, -scale) + "." + digits.slice(-scale);
    return pattern.replace("{}", digits);
  }

  function tiers(radio) {
    return (radio.getAttribute("data-tiers") || "").split(" ")
      .filter(Boolean).map(function (t) { return t.split(":").map(Number); });
  }

  function unitPrice(radio, qty) {
    return tiers(radio).reduce(function (price, t) {
      return qty >= t[0] ? t[1] : price;
    }, Number(radio.getAttribute("data-minor")));
  }

  function buyForm(form) {
    var qty = form.querySelector("#qty");
    var total = form.querySelector("[data-total]");
    var steps = [];

    function update() {
      var radio = form.querySelector("[name=sku]:checked");
      var n;

      if (!radio || !qty)
        return;
      qty.min = radio.getAttribute("data-min") || 1;
      qty.max = radio.getAttribute("data-max") || "";
      n = Math.floor(Number(qty.value));
      all("[data-tiers-of]", form).forEach(function (table) {
        var mine = table.getAttribute("data-tiers-of") === radio.value;
        var steps_of = tiers(radio);

        table.hidden = !mine;
        if (!mine)
          return;
        all("li", table).forEach(function (li, i) {
          var next = steps_of[i + 1];

          li.classList.toggle("here",
            n >= steps_of[i][0] && !(next && n >= next[0]));
        });
      });
      all("[data-limit-min]", form).forEach(function (e) {
        e.textContent = qty.min;
      });
      all("[data-limit-max]", form).forEach(function (e) {
        e.textContent = qty.max;
      });
      if (steps.length) {
        steps[0].disabled = n <= Number(qty.min);
        steps[1].disabled = qty.max !== "" && n >= Number(qty.max);
      }
      total.hidden = !(n >= 1 && n <= 1e6);
      if (!total.hidden)
        total.querySelector("output").textContent = money(
          form.getAttribute("data-pattern"),
          Number(form.getAttribute("data-scale")), unitPrice(radio, n) * n);
    }

    function step(by, label) {
      var b = document.createElement("button");

      b.type = "button";
      b.textContent = by > 0 ? "+" : "\u2212";
      b.setAttribute("aria-label", label);
      b.addEventListener("click", function () {
        var n = Math.floor(Number(qty.value)) || 0;

        qty.value = Math.min(Math.max(n + by, Number(qty.min)),
          qty.max === "" ? 1e6 : Number(qty.max));
        update();
      });
      return b;
    }

    if (qty && qty.parentNode.hasAttribute("data-stepper")) {
      steps = [step(-1, qty.parentNode.getAttribute("data-less")),
        step(1, qty.parentNode.getAttribute("data-more"))];
      qty.parentNode.insertBefore(steps[0], qty);
      qty.parentNode.appendChild(steps[1]);
    }
    form.addEventListener("input", update);
    form.addEventListener("change", update);
    update();
  }

  /* ---- checkout: the total follows the channel; one press, one order ---- */

  function showTotal(form) {
    var c = form.querySelector("[name=channel]:checked");
    var fee = form.querySelector("[data-fee-line]");
    var total = form.querySelector("[data-checkout-total]");

    if (!c || !total)
      return;
    total.textContent = c.getAttribute("data-pay-total");
    fee.hidden = !c.getAttribute("data-fee");
    fee.querySelector("dd").textContent = c.getAttribute("data-fee");
  }

  /* The page's own answer, parsed without running anything in it. */
  function parse(html) {
    var policy = window.trustedTypes && trustedTypes.createPolicy ?
      (parse.policy = parse.policy || trustedTypes.createPolicy("keystall",
        { createHTML: function (s) { return s; } })) : null;

    return new DOMParser().parseFromString(
      policy ? policy.createHTML(html) : html, "text/html");
  }

  /* Asks for the new price and puts the priced parts in place; what is being
   * typed elsewhere stays. */
  function requote(form) {
    var held = document.activeElement && document.activeElement.id;
    var turn = String(Number(form.getAttribute("data-turn") || 0) + 1);

    form.setAttribute("data-turn", turn);
    return fetch("/checkout", { method: "POST", credentials: "same-origin",
      body: new URLSearchParams(new FormData(form)) })
      .then(function (r) { return r.text(); })
      .then(function (html) {
        var page = parse(html);

        if (!page.querySelector("form.checkout"))
          throw new Error("no form");
        if (form.getAttribute("data-turn") !== turn)
          return; /* a newer question is on its way */
        ["[name=form_token]", "[name=work]", ".channels", ".checkout-side",
          ".checkout-what"]
          .forEach(function (sel) {
            var old = document.querySelector(sel);
            var now = page.querySelector(sel);

            if (old && now)
              old.replaceWith(now);
            else if (old)
              old.remove(); /* free now: nothing to choose */
            else if (now)
              throw new Error("no place for " + sel);
          });
        showTotal(form);
        form.dispatchEvent(new Event("quoted"));
        if (held && document.getElementById(held))
          document.getElementById(held).focus();
      });
  }

  function checkoutForm(form) {
    function press(sel) {
      form.querySelector(sel).click();
    }

    form.addEventListener("change", function (ev) {
      if (ev.target.name === "channel")
        showTotal(form);
      if (ev.target.id === "qty" && ev.target.checkValidity())
        press("[data-requote]");
    });
    form.addEventListener("submit", function (ev) {
      if (ev.submitter && ev.submitter.hasAttribute("data-requote")) {
        if (!window.fetch || form.hasAttribute("data-plain"))
          return;
        ev.preventDefault();
        requote(form).catch(function () {
          form.setAttribute("data-plain", "");
          press("[data-requote]");
        });
        return;
      }
      if (form.hasAttribute("data-sent")) {
        ev.preventDefault();
        return;
      }
      form.setAttribute("data-sent", "");
      setTimeout(function () { form.removeAttribute("data-sent"); }, 8000);
    });
    /* Enter presses the first button of a form, which here only asks for the
     * price: right beside the coupon, wrong elsewhere. */
    form.addEventListener("keydown", function (ev) {
      if (ev.key === "Enter" && ev.target.tagName === "INPUT" &&
          !ev.isComposing && ev.target.id !== "coupon") {
        ev.preventDefault();
        press("[data-submit]");
      }
    });
    showTotal(form);
  }

  /* ---- copying ---- */

  function say(text) {
    all("[data-said]").forEach(function (e) { e.textContent = text; });
  }

  function oldCopy(text) {
    var t = document.createElement("textarea");
    var ok;

    t.value = text;
    t.setAttribute("readonly", "");
    t.className = "sr-only";
    document.body.appendChild(t);
    t.select();
    ok = document.execCommand("copy");
    t.remove();
    return ok ? Promise.resolve() : Promise.reject();
  }

  function copy(text) {
    /* clipboard needs HTTPS; a shop being tried out has none */
    return navigator.clipboard && window.isSecureContext ?
      navigator.clipboard.writeText(text) : oldCopy(text);
  }

  function copyButton(b) {
    b.hidden = false;
    b.addEventListener("click", function () {
      var text = b.hasAttribute("data-copy-all") ?
        all("[data-card]").map(function (e) { return e.textContent; })
          .join("\n") : b.getAttribute("data-copy");

      copy(text).then(function () {
        b.classList.add("is-done");
        say("");
        say(b.getAttribute("data-copied"));
        swap(b);
      }, function () {});
    });
  }

  function swap(b) {
    var use = b.querySelector("use");
    var was = use ? use.getAttribute("href") : b.textContent;
    var put = function (v) {
      if (use)
        use.setAttribute("href", v);
      else
        b.textContent = v;
    };

    if (b.hasAttribute("data-busy"))
      return;
    b.setAttribute("data-busy", "");
    put(use ? was.replace(/#.*/, "#check") : b.getAttribute("data-copied"));
    setTimeout(function () {
      put(was);
      b.classList.remove("is-done");
      b.removeAttribute("data-busy");
    }, 1600);
  }

  /* ---- pay page: countdown and polling ---- */

  function clock(box) {
    var end = Date.now() + Number(box.getAttribute("data-clock")) * 1000;
    var out = document.createElement("b");
    var label = box.getAttribute("data-left");
    var timer;

    function two(n) { return (n < 10 ? "0" : "") + n; }
    function tick() {
      var s = Math.max(0, Math.ceil((end - Date.now()) / 1000));

      if (s === 0) {
        clearInterval(timer);
        box.textContent = box.getAttribute("data-ended");
        return;
      }
      out.textContent = (s >= 3600 ? Math.floor(s / 3600) + ":" : "") +
        two(Math.floor(s / 60) % 60) + ":" + two(s % 60);
    }

    if (!(Number(box.getAttribute("data-clock")) > 0))
      return;
    /* the shop may give more time; what the network takes is no change */
    box.longer = function (seconds) {
      if (Date.now() + seconds * 1000 > end + 5000)
        end = Date.now() + seconds * 1000;
    };
    box.textContent = label + " ";
    out.setAttribute("role", "timer");
    box.appendChild(out);
    timer = setInterval(tick, 1000);
    tick();
  }

  /* ---- a sale that has not begun: the time left, then the page anew ---- */

  function opens(box) {
    var at = Number(box.getAttribute("data-opens")) * 1000;
    var text = box.getAttribute("data-text").split("{}");
    var out = document.createElement("b");
    var timer;

    function two(n) { return (n < 10 ? "0" : "") + n; }
    function tick() {
      var s = Math.max(0, Math.ceil((at - Date.now()) / 1000));
      var d = Math.floor(s / 86400);

      out.textContent = (d ? d + " d " : "") +
        two(Math.floor(s / 3600) % 24) + ":" +
        two(Math.floor(s / 60) % 60) + ":" + two(s % 60);
      if (s > 0)
        return;
      clearInterval(timer);
      /* not all in the same moment; a form that waits has its button */
      if (!document.querySelector('form[method="post"][action="/order"]'))
        setTimeout(function () { location.reload(); }, 500 + Math.random() * 2500);
    }

    if (!(at > Date.now())) /* this clock is ahead: no endless reloading */
      return;
    box.appendChild(document.createTextNode(" \u00b7 " + text[0]));
    out.setAttribute("role", "timer");
    box.appendChild(out);
    box.appendChild(document.createTextNode(text[1] || ""));
    timer = setInterval(tick, 1000);
    tick();
  }

  /* 2 s at first, then slower: most payments arrive within a minute, and a
   * forgotten tab should cost the shop nothing. */
  function poll(box) {
    var url = box.getAttribute("data-poll");
    var status = box.querySelector("[data-status]");
    var text = box.querySelector("[data-status-text]");
    var left = box.querySelector("[data-clock]");
    var waiting = text ? text.textContent : "";
    var from = box.getAttribute("data-state") || "pending";
    var began = Date.now();
    var timer;

    function show(kind, words) {
      if (!status || text.textContent === words)
        return;
      status.classList.toggle("is-paid", kind === "paid");
      status.classList.toggle("is-lost", kind === "lost");
      text.textContent = words;
    }
    function later() {
      var age = Date.now() - began;

      clearTimeout(timer);
      timer = setTimeout(ask, age < 6e4 ? 2000 : age < 3e5 ? 5000 : 15000);
    }
    function ask() {
      if (document.hidden) {
        later();
        return;
      }
      fetch(url, { credentials: "same-origin", cache: "no-store" })
        .then(function (r) {
          if (!r.ok)
            throw new Error(String(r.status));
          return r.json();
        })
        .then(function (s) {
          if (s.state === from) {
            if (left && left.longer)
              left.longer(s.expires_in);
            show("wait", waiting);
            later();
            return;
          }
          if (status && s.state !== "expired" && s.state !== "cancelled")
            show("paid", status.getAttribute("data-paid"));
          setTimeout(function () {
            location.replace(box.getAttribute("data-goto"));
          }, status ? 700 : 0);
        })
        .catch(function () {
          if (status)
            show("lost", status.getAttribute("data-lost"));
          later();
        });
    }

    document.addEventListener("visibilitychange", function () {
      if (!document.hidden)
        ask();
    });
    later();
  }

  all("[data-buy]").forEach(buyForm);
  all("form.checkout").forEach(checkoutForm);
  all("[data-copy], [data-copy-all]").forEach(copyButton);
  all("[data-clock]").forEach(clock);
  all("[data-opens]").forEach(opens);
  all("[data-poll]").forEach(poll);
})();
