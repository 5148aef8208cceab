"use strict";
(function () {
  var input = document.getElementById("filter");
  var shown = document.getElementById("shown");
  var parts = Array.prototype.slice.call(document.querySelectorAll("[data-part]"));
  function filter() {
    var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    var count = 0;
    parts.forEach(function (part) {
      var text = part.textContent.toLowerCase();
      part.hidden = !words.every(function (word) { return text.indexOf(word) >= 0; });
      count += part.hidden ? 0 : 1;
    });
    shown.textContent = words.length ? count + " of " + parts.length + " shown" : "";
  }
  input.addEventListener("input", filter);
  if (location.hash.length > 1) {
    try { input.value = decodeURIComponent(location.hash.slice(1)); } catch (e) { input.value = ""; }
  }
  filter();
})();
