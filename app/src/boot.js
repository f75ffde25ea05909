// Before anything is drawn: text size, the screen asked for, what this browser lacks. Reading needs nothing else.
(function () {
  var root = document.documentElement;
  try { root.dataset.size = localStorage.getItem("size") || "1"; } catch (e) { root.dataset.size = "1"; }
  if (!window.WebAssembly || !window.indexedDB) root.classList.add("below-floor");
  function show() {
    var screen = /^#m(\d+)$/.exec(location.hash);
    root.dataset.screen = screen ? screen[1] : "1";
  }
  show();
  addEventListener("hashchange", show);
  root.classList.add("js");
  // Windows of Zalo, Facebook and the like: what is kept there may be gone tomorrow.
  if (/Zalo|FBA[NV]|FB_IAB|Instagram|Line\/|TikTok|BytedanceWebview|; wv\)/.test(navigator.userAgent)) {
    root.classList.add("in-app");
  }
  function net() { root.classList.toggle("offline", navigator.onLine === false); }
  net();
  addEventListener("online", net);
  addEventListener("offline", net);
  document.addEventListener("DOMContentLoaded", function () {
    // A dated fact past its day hides itself, also offline and also on a phone whose clock was set back.
    var today = new Date(Date.now() + 7 * 36e5).toISOString().slice(0, 10);
    if (today < root.dataset.made) today = root.dataset.made;
    document.querySelectorAll("[data-until]").forEach(function (fact) {
      if (fact.dataset.until < today) fact.classList.add("stale");
    });
  });
})();
